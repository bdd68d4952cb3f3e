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
import java.util.List;

/**
 * The intermediate energy f_t(a, s) of the guidance (Lu et al. 2023, eq. 8): a multilayer perceptron
 * over [action, time embedding, state]. Trained, it contains the inverse temperature beta already,
 * and enters the score with a plus sign.
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
   * f for several actions of each state, at one time per state.
   *
   * @param actions states x candidates x actionDim, noised to t
   * @param t states x 1
   * @param states states x stateDim
   * @return states x candidates
   */
  public Var apply(Var actions, Var t, Var states) {
    int n = actions.shape().dim(0);
    int candidates = actions.shape().dim(1);
    Var input = Layout.concat(actions, perCandidate(time.apply(t), n, candidates),
        perCandidate(states, n, candidates));
    return Layout.reshape(net.apply(input), Shape.of(n, candidates));
  }

  private static Var perCandidate(Var rows, int n, int candidates) {
    int columns = rows.shape().columns();
    return Layout.broadcastTo(
        Layout.reshape(rows, Shape.of(n, 1, columns)), Shape.of(n, candidates, columns));
  }

  /**
   * The gradient of f with respect to the action, and nothing else.
   *
   * @param actions rows x actionDim
   * @param t one time for all rows
   * @param states rows x stateDim
   * @return rows x actionDim, in the current scope
   */
  public Tensor actionGradient(Tensor actions, double t, Tensor states) {
    int n = actions.rows();
    Var action = Var.parameter(actions);
    Tensor times = Tensor.full(actions.backend(), actions.dtype(), Shape.of(1, 1), t);
    Var embedded = time.apply(Var.constant(times)).detach();
    Var input =
        Layout.concat(
            action,
            Layout.broadcastTo(embedded, Shape.of(n, embedded.shape().columns())),
            Var.constant(states));
    Var f = net.apply(input);
    Tensor ones = Tensor.full(actions.backend(), actions.dtype(), f.shape(), 1);
    return Grad.of(f, ones, List.of(action))[0];
  }
}
