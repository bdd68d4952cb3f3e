package io.qgpo.toy;

import io.qgpo.algorithm.QgpoConfig.SamplerPreset;

/**
 * How points are sampled.
 *
 * @param kind which solver
 * @param evaluations of the networks for a point
 */
public record ToySampler(SamplerPreset kind, int evaluations) {}
