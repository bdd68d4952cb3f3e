/**
 * NVIDIA GPUs by the CUDA driver API: {@link io.qgpo.cuda.CudaBackend} on a narrow binding, the
 * kernels with their checks and timings, the tools that compile them, and {@link
 * io.qgpo.cuda.CudaWorkshop} for kernels of users'.
 *
 * <p>Everything runs on one stream, in order. Objects that hold something on the device are closed
 * explicitly; closing the {@link io.qgpo.cuda.CudaDriver} closes what is left.
 */
package io.qgpo.cuda;
