/** What people look at when runs are done: returns of several runs side by side, as a picture. */
package io.qgpo.report;
