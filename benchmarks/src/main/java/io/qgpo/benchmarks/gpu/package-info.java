/**
 * Checks a machine with a GPU, in the bundle that {@code ./run gpu-pack} makes: tests on the
 * device, compute-sanitizer, figures beside PyTorch's and cuBLAS', and the page {@code
 * RESULTS-gpu.md}.
 */
package io.qgpo.benchmarks.gpu;
