/** Classes of users', found by name in the program or in jars and folders that they name. */
package io.qgpo.tensor.plugin;
