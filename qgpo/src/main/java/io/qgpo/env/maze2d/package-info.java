/**
 * D4RL's maze2d: a ball that is pushed through a maze, in Java alone, and data for it.
 *
 * <p>May import io.qgpo.env, io.qgpo.data and the JDK.
 */
package io.qgpo.env.maze2d;
