/**
 * Environments to evaluate policies in, what they are drawn with, and the built-in point maze with
 * its data.
 *
 * <p>May import io.qgpo.data and the JDK. Observations and actions are plain {@code float[]}.
 */
package io.qgpo.env;
