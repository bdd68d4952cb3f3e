/**
 * Hopper, HalfCheetah and Walker2d as in Gym and D4RL: bodies as MJCF in the resources, rules here.
 *
 * <p>May import io.qgpo.env, io.qgpo.env.mujoco and the JDK.
 */
package io.qgpo.env.locomotion;
