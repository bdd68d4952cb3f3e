/**
 * Whether the program computes what it says: numbers that are known in closed form or by an
 * independent computation, beside what is found here; one file per topic, and the page of all.
 *
 * <p>May import {@code io.qgpo.exact}, {@code io.qgpo.diffusion}, {@code io.qgpo.algorithm}, {@code
 * io.qgpo.report} (pictures), {@code io.qgpo.data}, {@code io.qgpo.autograd}, {@code
 * io.qgpo.tensor} and the JDK.
 */
package io.qgpo.verify;
