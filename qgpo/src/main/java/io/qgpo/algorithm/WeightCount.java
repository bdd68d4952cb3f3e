package io.qgpo.algorithm;

/**
 * How many weights settings ask for, told without making them: settings that come with a file must
 * not make a program allocate more than the file holds.
 */
public final class WeightCount {
  private WeightCount() {}

  /**
   * Numbers in all tensors of {@link PolicyNetworks#shapes}.
   *
   * @param stateDim numbers in a state
   * @param actionDim numbers in an action
   */
  public static long of(QgpoConfig config, int stateDim, int actionDim) {
    return scoreNet(config.score(), stateDim, actionDim)
        + energyNet(config, stateDim, actionDim)
        + 4 * criticNet(config.critic(), stateDim, actionDim); // twins, and their targets
  }

  private static long scoreNet(QgpoConfig.ScoreNetConfig size, long stateDim, long actionDim) {
    long wide = size.width();
    long half = wide / 2;
    long narrow = wide / 4;
    long embedding = size.embedding();
    return timeEmbedding(embedding)
        + linear(stateDim, embedding)
        + linear(2 * embedding, narrow)
        + linear(narrow, narrow)
        + block(actionDim, wide, narrow)
        + block(wide, half, narrow)
        + block(half, narrow, narrow)
        + block(narrow, narrow, narrow)
        + block(half, half, narrow)
        + block(wide, wide, narrow)
        + linear(2 * wide, actionDim);
  }

  private static long energyNet(QgpoConfig config, long stateDim, long actionDim) {
    long embedding = config.score().embedding();
    QgpoConfig.EnergyConfig size = config.energy();
    return timeEmbedding(embedding)
        + perceptron(actionDim + embedding + stateDim, size.hidden(), size.layers());
  }

  private static long criticNet(QgpoConfig.CriticConfig size, long stateDim, long actionDim) {
    return perceptron(actionDim + stateDim, size.hidden(), size.layers());
  }

  private static long timeEmbedding(long width) {
    return width / 2 + linear(width, width);
  }

  private static long block(long in, long out, long condition) {
    long skip = in == out ? 0 : linear(in, out);
    return linear(in, out) + linear(condition, out) + linear(out, out) + skip;
  }

  /** With one output. */
  private static long perceptron(long in, long hidden, long layers) {
    return linear(in, hidden) + (layers - 1) * linear(hidden, hidden) + linear(hidden, 1);
  }

  private static long linear(long in, long out) {
    return in * out + out;
  }
}
