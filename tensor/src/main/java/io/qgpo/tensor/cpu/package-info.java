/**
 * Backends on ordinary Java arrays: what host backends share, the scalar oracle that defines every
 * primitive in plain loops, and the thread pool.
 *
 * <p>May import {@code io.qgpo.tensor} and the JDK.
 */
package io.qgpo.tensor.cpu;
