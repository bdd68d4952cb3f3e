package io.qgpo.toy;

import io.qgpo.algorithm.QgpoConfig.SamplerPreset;

/**
 * How points are sampled.
 *
 * @param kind exact: the preset of this name; paper: what the authors sample their toys by, noise
 *     form, multistep of order 2, uniform in time
 * @param evaluations of the networks for a point
 */
public record ToySampler(SamplerPreset kind, int evaluations) {}
