/**
 * Q-Guided Policy Optimization (Lu et al. 2023, arXiv:2304.12824): the three networks, their
 * training steps, support actions, the guided policy, and the settings of all of it.
 *
 * <p>May import {@code io.qgpo.data}, {@code io.qgpo.diffusion}, {@code io.qgpo.autograd}, {@code
 * io.qgpo.tensor}, Jackson (settings only) and the JDK.
 */
package io.qgpo.algorithm;
