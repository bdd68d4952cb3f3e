/**
 * What other programs use: data in memory or from a file in, a trained policy out, actions from it.
 * A facade over {@code io.qgpo.run}, which the command line uses too; no work is done here.
 */
package io.qgpo.api;
