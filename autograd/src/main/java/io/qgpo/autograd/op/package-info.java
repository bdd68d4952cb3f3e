/**
 * Differentiable operations, one file per family, forward and backward of each side by side. All
 * are static functions over {@link io.qgpo.autograd.Var}; none keeps state.
 *
 * <p>May import {@code io.qgpo.autograd}, {@code io.qgpo.tensor} and the JDK.
 */
package io.qgpo.autograd.op;
