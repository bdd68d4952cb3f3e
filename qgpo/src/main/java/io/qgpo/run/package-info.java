/**
 * What a training run leaves on disk and on the terminal: the run folder and its lock, checkpoints,
 * metrics and progress. Imports {@code io.qgpo.tensor.io} and Jackson; knows nothing of training.
 */
package io.qgpo.run;
