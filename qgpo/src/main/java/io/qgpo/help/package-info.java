/**
 * The pages of the manual: those of {@code docs/}, which the jar carries, and those made of the
 * code, of commands and settings. As text for {@code qgpo help}, and as Markdown for the site. Uses
 * the settings' table, picocli's model of the commands and a Markdown parser.
 */
package io.qgpo.help;
