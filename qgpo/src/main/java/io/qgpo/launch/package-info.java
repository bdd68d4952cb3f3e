/**
 * Getting started on the right Java: the jar's main class, which finds a JDK 25 or later and starts
 * the command line there, and the watch by which that process ends with its launcher.
 *
 * <p>Compiled for Java 11. May import the JDK only. Runs before every command, so it keeps to plain
 * loops: lambdas, streams, regular expressions and formatting each cost milliseconds of start.
 */
package io.qgpo.launch;
