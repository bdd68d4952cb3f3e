/**
 * Benchmarks, run by {@code ./run bench}: JMH over hot loops and whole steps, a profile of a step,
 * and the comparison with other libraries, each in a JVM of its own.
 *
 * <p>May import everything; nothing imports it.
 */
package io.qgpo.benchmarks;
