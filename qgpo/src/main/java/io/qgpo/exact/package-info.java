/**
 * What is known in closed form, in double precision, to hold the implementation against: Gaussian
 * mixtures, their diffusion, and how far a solver is from it.
 *
 * <p>May import {@code io.qgpo.diffusion}, {@code io.qgpo.tensor} and the JDK.
 */
package io.qgpo.exact;
