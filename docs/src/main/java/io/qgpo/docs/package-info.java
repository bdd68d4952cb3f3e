/**
 * Makes the site: a folder of HTML that needs no network and no scripts. Uses the manual's pages
 * ({@code io.qgpo.help}), commonmark, and SnuggleTeX for formulas.
 */
package io.qgpo.docs;
