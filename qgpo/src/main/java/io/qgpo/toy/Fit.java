package io.qgpo.toy;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Module;
import io.qgpo.autograd.optim.Adam;
import io.qgpo.autograd.optim.Polyak;
import io.qgpo.autograd.optim.Schedule;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Tensor;
import java.util.List;
import java.util.function.Function;
import java.util.function.Supplier;

/**
 * Fits a network by Adam, and follows it with averaged weights if the settings want them.
 *
 * @param <M> its kind
 */
final class Fit<M extends Module> {
  private final String name;
  private final M net;
  private final M average;
  private final Adam optimizer;
  private final Polyak polyak;
  private final Function<M, Var> loss;
  private final List<Var> parameters;
  private final Tensor[] gradients;
  private final Runnable body = this::forwardBackwardUpdate;

  /**
   * Make it outside any scope.
   *
   * @param name no other fit's on the same backend
   * @param network makes one, freshly initialised
   * @param loss of one batch, drawn anew each time
   */
  Fit(String name, Supplier<M> network, ToySettings settings, double rate, Function<M, Var> loss) {
    this.name = name;
    net = network.get();
    this.loss = loss;
    Schedule schedule =
        settings.annealed() ? Schedule.cosine(rate, 0, settings.steps()) : Schedule.constant(rate);
    optimizer = new Adam(net.parameters(), schedule, Adam.Options.defaults());
    double averaged = settings.averageShare() * settings.steps();
    average = averaged > 0 ? network.get() : net;
    polyak = averaged > 0 ? new Polyak(average, net, Math.min(1, 1 / averaged)) : null;
    parameters = net.parameters();
    gradients = new Tensor[parameters.size()];
  }

  /** One update. */
  void step() {
    optimizer.prepare();
    try (Scope _ = Scope.open(name)) {
      parameters.getFirst().backend().step(name, body);
    }
  }

  private void forwardBackwardUpdate() {
    optimizer.update(Grad.of(loss.apply(net), parameters, gradients));
    if (polyak != null) {
      polyak.update();
    }
  }

  /** The network as fitted so far. */
  M result() {
    return average;
  }
}
