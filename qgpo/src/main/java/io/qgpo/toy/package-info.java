/**
 * The paper's two-dimensional toys: data and energies of which the guided truth is known, networks
 * trained on them, samples measured against the truth, pictures of both.
 *
 * <p>May import {@code io.qgpo.algorithm}, {@code io.qgpo.diffusion}, {@code io.qgpo.exact}, {@code
 * io.qgpo.report}, {@code io.qgpo.run}, {@code io.qgpo.autograd}, {@code io.qgpo.tensor}, Jackson
 * and the JDK.
 */
package io.qgpo.toy;
