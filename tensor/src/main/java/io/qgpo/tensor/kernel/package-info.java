/**
 * Kernels of users' own: which operations may be computed by one, what it gets and what it must
 * give ({@link io.qgpo.tensor.kernel.KernelOp} for a device, {@link io.qgpo.tensor.kernel.HostOp}
 * for a Java class), and how it is checked, timed and put in the place of a backend's. Uses the
 * tensors and the oracle.
 */
package io.qgpo.tensor.kernel;
