package io.qgpo.run;

import io.qgpo.data.DataException;
import io.qgpo.data.io.D4rlMetadata;
import io.qgpo.data.io.D4rlMetadata.Numbers;
import io.qgpo.data.io.D4rlMetadata.Text;
import io.qgpo.env.Policy;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.function.DoubleUnaryOperator;

/**
 * The policy that recorded a D4RL file, which some files carry under {@code metadata/policy}: a
 * network fc0, fc1, ... with a nonlinearity, then last_fc. Acts by its mean, which {@code
 * tanh_gaussian} bounds by tanh; plain {@code gaussian} leaves it as it is.
 */
public final class RecordedPolicy implements Policy {
  private static final String PREFIX = "policy/";

  /**
   * y = W x + b.
   *
   * @param weight [outputs x inputs], row by row
   * @param bias [outputs]
   */
  private record Layer(double[] weight, double[] bias) {
    int inputs() {
      return weight.length / bias.length;
    }

    double[] apply(double[] x, DoubleUnaryOperator nonlinearity) {
      double[] y = new double[bias.length];
      for (int row = 0; row < y.length; row++) {
        double sum = bias[row];
        for (int c = 0; c < x.length; c++) {
          sum += weight[row * x.length + c] * x[c];
        }
        y[row] = nonlinearity.applyAsDouble(sum);
      }
      return y;
    }
  }

  private final List<Layer> hidden;
  private final Layer last;
  private final DoubleUnaryOperator nonlinearity;
  private final DoubleUnaryOperator output;

  private RecordedPolicy(
      List<Layer> hidden,
      Layer last,
      DoubleUnaryOperator nonlinearity,
      DoubleUnaryOperator output) {
    this.hidden = hidden;
    this.last = last;
    this.nonlinearity = nonlinearity;
    this.output = output;
  }

  /**
   * Reads the policy of a file.
   *
   * @throws DataException if it holds none, or one of another kind
   */
  public static RecordedPolicy read(Path file) {
    String name = String.valueOf(file.getFileName());
    Map<String, D4rlMetadata.Entry> metadata = D4rlMetadata.read(file);
    List<Layer> hidden = new ArrayList<>();
    int width = -1;
    while (metadata.containsKey(PREFIX + "fc" + hidden.size() + "/weight")) {
      Layer layer = layer(name, metadata, "fc" + hidden.size(), width);
      hidden.add(layer);
      width = layer.bias().length;
    }
    return new RecordedPolicy(
        List.copyOf(hidden),
        layer(name, metadata, "last_fc", width),
        choice(name, metadata, "nonlinearity", "relu", x -> Math.max(x, 0), "tanh", Math::tanh),
        choice(
            name,
            metadata,
            "output_distribution",
            "tanh_gaussian",
            Math::tanh,
            "gaussian",
            DoubleUnaryOperator.identity()));
  }

  /**
   * @param inputs that it must have; -1 for any
   */
  private static Layer layer(
      String file, Map<String, D4rlMetadata.Entry> metadata, String name, int inputs) {
    String key = PREFIX + name + "/weight";
    Numbers weight = numbers(file, metadata, key, "a matrix [outputs, inputs]");
    Numbers bias = numbers(file, metadata, PREFIX + name + "/bias", "a vector [outputs]");
    int[] shape = weight.shape();
    boolean fits =
        shape.length == 2
            && shape[0] > 0
            && shape[1] > 0
            && bias.values().length == shape[0]
            && (inputs < 0 || shape[1] == inputs);
    if (!fits) {
      throw DataException.ofKey(
          file,
          "metadata/" + key,
          "a matrix of %d rows as its bias has%s"
              .formatted(bias.values().length, inputs < 0 ? "" : " and " + inputs + " columns"),
          "shape " + Arrays.toString(shape));
    }
    return new Layer(weight.values(), bias.values());
  }

  private static Numbers numbers(
      String file, Map<String, D4rlMetadata.Entry> metadata, String key, String expected) {
    if (metadata.get(key) instanceof Numbers numbers) {
      return numbers;
    }
    throw DataException.ofKey(
        file,
        "metadata/" + key,
        expected + " of the policy that recorded the data",
        metadata.containsKey(key) ? "no numbers" : "no such key");
  }

  private static DoubleUnaryOperator choice(
      String file,
      Map<String, D4rlMetadata.Entry> metadata,
      String key,
      String first,
      DoubleUnaryOperator ifFirst,
      String second,
      DoubleUnaryOperator ifSecond) {
    D4rlMetadata.Entry found = metadata.get(PREFIX + key);
    if (found instanceof Text(String text) && text.equals(first)) {
      return ifFirst;
    }
    if (found instanceof Text(String text) && text.equals(second)) {
      return ifSecond;
    }
    throw DataException.ofKey(
        file,
        "metadata/" + PREFIX + key,
        first + " or " + second,
        found == null ? "no such key" : found instanceof Text(String text) ? text : "no text");
  }

  /** Numbers in a state. */
  public int stateSize() {
    return hidden.isEmpty() ? last.inputs() : hidden.getFirst().inputs();
  }

  /** Numbers in an action. */
  public int actionSize() {
    return last.bias().length;
  }

  @Override
  public void act(float[] observations, int count, float[] actions) {
    int states = stateSize();
    int width = actionSize();
    for (int row = 0; row < count; row++) {
      double[] x = new double[states];
      for (int c = 0; c < states; c++) {
        x[c] = observations[row * states + c];
      }
      for (Layer layer : hidden) {
        x = layer.apply(x, nonlinearity);
      }
      double[] action = last.apply(x, output);
      for (int c = 0; c < width; c++) {
        actions[row * width + c] = (float) action[c];
      }
    }
  }
}
