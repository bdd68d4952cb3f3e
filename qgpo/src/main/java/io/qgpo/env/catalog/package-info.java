/**
 * Environments by name: those of the other {@code env} packages, and users' own classes. The only
 * place that knows them all; uses them, and nothing of training.
 */
package io.qgpo.env.catalog;
