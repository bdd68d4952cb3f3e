/**
 * Reverse-mode differentiation: {@link io.qgpo.autograd.Var} values recorded as they are computed,
 * and {@link io.qgpo.autograd.Grad} to differentiate one with respect to chosen others.
 *
 * <p>May import {@code io.qgpo.tensor} and the JDK.
 */
package io.qgpo.autograd;
