/**
 * The command line: one class per command, which parses, checks and prints; the work is done
 * elsewhere. Every fault of the user ends in one sentence and exit code 2.
 *
 * <p>May import every package of the project, picocli and the JDK; nothing imports it.
 */
package io.qgpo.cli;
