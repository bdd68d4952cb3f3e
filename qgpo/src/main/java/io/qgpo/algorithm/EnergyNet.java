package io.qgpo.algorithm;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Mlp;
import io.qgpo.autograd.nn.Module;
import io.qgpo.autograd.op.Layout;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;

/**
 * The intermediate energy f_t(a, s) of the guidance (Lu et al. 2023): a multilayer perceptron over
 * [action, time embedding, state]. Trained, it contains the inverse temperature beta already, and
 * enters the score with a plus sign.
 */
public final class EnergyNet extends Module {
  private final TimeEmbedding time;
  private final Mlp net;

  /** Sizes of the network; the paper's are 256, 4, 32 and 30. */
  public record Size(int hidden, int layers, int embedding, double fourierScale) {}

  /** Freshly initialised. */
  public EnergyNet(Rng rng, DType dtype, int stateDim, int actionDim, Size size) {
    time = child("time", new TimeEmbedding(rng, dtype, size.embedding(), size.fourierScale()));
    int in = actionDim + size.embedding() + stateDim;
    net = child("net", Mlp.of(rng, dtype, Activation.SILU, in, size.hidden(), size.layers(), 1));
  }

  /**
   * f for each action. Times and states may have fewer rows than the actions: each then belongs to
   * equally many consecutive actions.
   *
   * @param actions rows x actionDim, noised to t
   * @param t rows / k x 1
   * @param states rows / k x stateDim
   * @return rows x 1
   */
  public Var apply(Var actions, Var t, Var states) {
    int rows = actions.shape().rows();
    Var embedded = time.apply(t);
    return net.apply(
        Layout.concat(
            actions,
            Layout.repeatRows(embedded, rows / embedded.shape().rows()),
            Layout.repeatRows(states, rows / states.shape().rows())));
  }

  /**
   * The gradient of f with respect to the action, and nothing else.
   *
   * @param actions rows x actionDim
   * @param t one time for all rows
   * @param states rows / k x stateDim
   * @return rows x actionDim, in the current scope
   */
  public Tensor actionGradient(Tensor actions, double t, Tensor states) {
    Tensor time = Tensor.full(actions.backend(), actions.dtype(), Shape.of(1, 1), t);
    return Grad.ofRows(action -> apply(action, Var.constant(time), Var.constant(states)), actions);
  }
}
