/**
 * Benchmarks (JMH): hot loops and whole steps. Run by {@code ./run bench}.
 *
 * <p>May import everything; nothing imports it.
 */
package io.qgpo.benchmarks;
