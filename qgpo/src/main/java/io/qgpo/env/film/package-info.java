/**
 * Films of episodes, as animated GIF, by Java2D and without a display.
 *
 * <p>May import io.qgpo.env and the JDK.
 */
package io.qgpo.env.film;
