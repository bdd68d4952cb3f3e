/**
 * Diffusion: the noise schedule, DPM-Solver, and guidance of a noise prediction by an energy.
 *
 * <p>May import {@code io.qgpo.autograd}, {@code io.qgpo.tensor} and the JDK.
 */
package io.qgpo.diffusion;
