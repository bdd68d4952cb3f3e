/**
 * Optimisers and what goes with them: learning-rate schedules, norm clipping, averages of weights.
 *
 * <p>May import {@code io.qgpo.autograd}, its networks, {@code io.qgpo.tensor} and the JDK.
 */
package io.qgpo.autograd.optim;
