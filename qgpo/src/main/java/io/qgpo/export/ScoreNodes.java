package io.qgpo.export;

/** The behaviour model's network as nodes: {@code ScoreNet}. */
final class ScoreNodes {
  private final OnnxGraph graph;
  private final NetWeights net;
  private final Matrix condition1;
  private final int stateWidth;

  /** What the first layer of the condition makes of the states, the same at all times. */
  private final String states;

  /**
   * @param states rows x stateDim, as networks see them
   */
  ScoreNodes(OnnxGraph graph, NetWeights net, String states) {
    this.graph = graph;
    this.net = net;
    condition1 = net.weight("condition1");
    stateWidth = net.weight("state").rows();
    String embedded = graph.silu(linear(net, "state", states));
    this.states =
        graph.linear(
            embedded, condition1.columns(0, stateWidth), graph.constant(net.bias("condition1")));
  }

  /**
   * h = minus the predicted noise.
   *
   * @param action rows x actionDim, noised
   * @param time the embedded time, of each row or of all
   */
  String h(String action, String time) {
    String times = graph.linear(time, condition1.columns(stateWidth, condition1.columns()), null);
    String condition = graph.silu(graph.node("Add", states, times));
    condition = graph.silu(linear(net, "condition2", condition));
    String d1 = block("down1", action, condition);
    String d2 = block("down2", d1, condition);
    String d3 = block("down3", d2, condition);
    String m = block("middle", d3, condition);
    String u3 = block("up3", graph.concat(d3, m), condition);
    String u2 = block("up2", graph.concat(d2, u3), condition);
    return linear(net, "output", graph.concat(d1, u2));
  }

  private String block(String name, String x, String condition) {
    NetWeights block = net.part(name);
    String h = graph.silu(linear(block, "dense1", x));
    h = graph.node("Add", h, linear(block, "condition", condition));
    h = graph.silu(linear(block, "dense2", h));
    return graph.node("Add", h, block.hasLayer("skip") ? linear(block, "skip", x) : x);
  }

  private String linear(NetWeights part, String layer, String x) {
    return graph.linear(x, part.weight(layer), graph.constant(part.bias(layer)));
  }
}
