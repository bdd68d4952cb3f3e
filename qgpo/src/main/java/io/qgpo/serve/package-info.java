/**
 * A trained policy behind HTTP: concurrent requests are computed together. Uses {@code run} for the
 * policy, the JDK's server, Prometheus' client for its metrics.
 */
package io.qgpo.serve;
