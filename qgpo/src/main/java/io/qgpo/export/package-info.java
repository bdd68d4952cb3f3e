/**
 * A trained policy as a file for other programs: graphs in ONNX, weights by the names of the
 * authors' PyTorch code. Uses {@code run} for what was trained, {@code diffusion} for the solver.
 */
package io.qgpo.export;
