/**
 * A training run: the run folder and its lock, where the data come from, training with checkpoints
 * and resumption, metrics and progress, and the trained policy read back and evaluated.
 *
 * <p>May import {@code io.qgpo.algorithm}, {@code io.qgpo.data}, {@code io.qgpo.data.io}, {@code
 * io.qgpo.env}, {@code io.qgpo.tensor}, {@code io.qgpo.tensor.io}, Jackson and the JDK.
 */
package io.qgpo.run;
