/**
 * Logged transitions: holding and checking them, and what is learnt from them alone (episode
 * statistics, reward scaling, action bounds). Their files are read in {@code io.qgpo.data.io}.
 *
 * <p>May import the JDK; nothing else of this project. Data are plain {@code float[]}.
 */
package io.qgpo.data;
