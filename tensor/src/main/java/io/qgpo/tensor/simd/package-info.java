/**
 * The backend on the Vector API: matrix products, elementwise and fused kernels over heap arrays,
 * and the vector functions they share. The only package that touches the incubator module.
 *
 * <p>May import {@code io.qgpo.tensor}, {@code io.qgpo.tensor.cpu}, the JDK, and {@code
 * jdk.incubator.vector}.
 */
package io.qgpo.tensor.simd;
