package io.qgpo.autograd.optim;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Module;
import io.qgpo.tensor.Tensor;

/**
 * An average that follows a network: target += rate (source - target). With rate tau it is a target
 * network (Lillicrap et al. 2016), with rate 1 - decay an exponential moving average of weights.
 */
public final class Polyak {
  private final Tensor[] targets;
  private final Tensor[] sources;
  private final double rate;

  /**
   * Follows {@code source} with {@code target}, which is set equal to it first.
   *
   * @param rate in (0, 1]
   */
  public Polyak(Module target, Module source, double rate) {
    if (!(rate > 0 && rate <= 1)) {
      throw new IllegalArgumentException("Polyak: rate must be in (0, 1], found " + rate);
    }
    if (target.parameters().isEmpty()) {
      throw new IllegalArgumentException("Polyak: the target has no parameters");
    }
    target.copyFrom(source);
    this.targets = target.parameters().stream().map(Var::value).toArray(Tensor[]::new);
    this.sources = source.parameters().stream().map(Var::value).toArray(Tensor[]::new);
    this.rate = rate;
  }

  /** One move towards the source. */
  public void update() {
    targets[0].backend().lerp(targets, sources, rate);
  }
}
