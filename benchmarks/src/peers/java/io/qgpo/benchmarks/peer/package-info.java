/**
 * The same steps written against other libraries, to be timed beside ours. Compiled only under the
 * profile {@code peers}, which brings their native libraries.
 */
package io.qgpo.benchmarks.peer;
