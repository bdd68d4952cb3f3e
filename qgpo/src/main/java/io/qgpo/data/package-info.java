/**
 * Logged transitions: reading them from files, checking them, and what is learnt from them alone
 * (episode statistics, reward scaling, action bounds).
 *
 * <p>May import the JDK and jhdf; nothing else of this project. Data are plain {@code float[]}.
 */
package io.qgpo.data;
