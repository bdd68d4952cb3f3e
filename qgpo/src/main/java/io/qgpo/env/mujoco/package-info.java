/**
 * The MuJoCo physics library, driven through the Foreign Function and Memory API: finding and
 * checking it, models, simulations, and the base of environments on it.
 *
 * <p>May import io.qgpo.env, io.qgpo.data and the JDK. Nothing here needs MuJoCo to be installed
 * until a library is asked for.
 */
package io.qgpo.env.mujoco;
