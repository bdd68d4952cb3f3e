/**
 * D4RL's AntMaze: an ant with four legs that is to walk to the far end of a maze, through MuJoCo.
 *
 * <p>May import io.qgpo.env, io.qgpo.env.mujoco and the JDK.
 */
package io.qgpo.env.antmaze;
