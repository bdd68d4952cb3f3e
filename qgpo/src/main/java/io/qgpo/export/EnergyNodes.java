package io.qgpo.export;

import java.util.ArrayList;
import java.util.List;

/** The energy f and its gradient with respect to the action as nodes: {@code EnergyNet}. */
final class EnergyNodes {
  private final OnnxGraph graph;
  private final NetWeights net;
  private final int actionDim;
  private final int timeWidth;

  /** What the first layer makes of the states, the same at all times. */
  private final String states;

  /**
   * @param states rows x stateDim, as networks see them
   */
  EnergyNodes(OnnxGraph graph, NetWeights energy, String states, int actionDim) {
    this.graph = graph;
    net = energy.part("net");
    this.actionDim = actionDim;
    timeWidth = energy.weight("time.linear").rows();
    Matrix first = net.weight("0");
    this.states =
        graph.linear(
            states,
            first.columns(actionDim + timeWidth, first.columns()),
            graph.constant(net.bias("0")));
  }

  /**
   * f and its gradient.
   *
   * @param f rows x 1
   * @param gradient rows x actionDim
   */
  record Energy(String f, String gradient) {}

  /**
   * Forward, then back: the gradient of a layer is (gradient weight) * silu'.
   *
   * @param action rows x actionDim, noised
   * @param time the embedded time, of each row or of all
   */
  Energy energy(String action, String time) {
    Matrix first = net.weight("0");
    Matrix ofAction = first.columns(0, actionDim);
    String times = graph.linear(time, first.columns(actionDim, actionDim + timeWidth), null);
    String z = graph.node("Add", graph.linear(action, ofAction, states), times);
    List<String> slopes = new ArrayList<>();
    int layer = 0;
    while (net.hasLayer(Integer.toString(layer + 1))) {
      layer++;
      String sigmoid = graph.node("Sigmoid", z);
      String h = graph.node("Mul", z, sigmoid);
      slopes.add(slope(h, sigmoid));
      z = linear(Integer.toString(layer), h);
    }
    Matrix last = layer == 0 ? ofAction : net.weight(Integer.toString(layer));
    String gradient = graph.constant(last);
    while (layer > 0) {
      layer--;
      gradient = graph.node("Mul", gradient, slopes.get(layer));
      Matrix weight = layer == 0 ? ofAction : net.weight(Integer.toString(layer));
      gradient = graph.linear(gradient, weight.transposed(), null);
    }
    return new Energy(z, gradient);
  }

  /** silu'(z) = s + h (1 - s), with s = sigmoid(z) and h = silu(z). */
  private String slope(String h, String sigmoid) {
    String rest = graph.node("Sub", graph.constant(1), sigmoid);
    return graph.node("Add", sigmoid, graph.node("Mul", h, rest));
  }

  private String linear(String layer, String x) {
    return graph.linear(x, net.weight(layer), graph.constant(net.bias(layer)));
  }
}
