package io.qgpo.export;

/** The twin critics as nodes: {@code TwinQ}. */
final class CriticNodes {
  private CriticNodes() {}

  /**
   * One Q.
   *
   * @param net of the one twin
   * @param actionState rows x (actionDim + stateDim)
   */
  static String q(OnnxGraph graph, NetWeights net, String actionState) {
    String h = actionState;
    for (int layer = 0; net.hasLayer(Integer.toString(layer)); layer++) {
      if (layer > 0) {
        h = graph.node("Relu", h);
      }
      String name = Integer.toString(layer);
      h = graph.linear(h, net.weight(name), graph.constant(net.bias(name)));
    }
    return h;
  }
}
