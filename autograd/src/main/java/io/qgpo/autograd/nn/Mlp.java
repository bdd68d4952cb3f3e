package io.qgpo.autograd.nn;

import io.qgpo.autograd.Var;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Linear layers with an activation after each but the last. */
public final class Mlp extends Module {
  private final Linear[] layers;
  private final Activation activation;

  /**
   * A multilayer perceptron.
   *
   * @param widths input, hidden layers, output: at least two
   */
  public Mlp(Rng rng, DType dtype, Activation activation, int... widths) {
    if (widths.length < 2) {
      throw new IllegalArgumentException(
          "Mlp: needs an input and an output width, found " + widths.length + " widths");
    }
    this.activation = activation;
    layers = new Linear[widths.length - 1];
    for (int i = 0; i < layers.length; i++) {
      layers[i] = child(Integer.toString(i), new Linear(rng, dtype, widths[i], widths[i + 1]));
    }
  }

  /** Of these layers. */
  Mlp(Activation activation, List<Linear> layers) {
    this.activation = activation;
    this.layers = layers.toArray(Linear[]::new);
    for (int i = 0; i < this.layers.length; i++) {
      child(Integer.toString(i), this.layers[i]);
    }
  }

  List<Linear> layers() {
    return List.of(layers);
  }

  Activation activation() {
    return activation;
  }

  /** An input, equally wide hidden layers, an output. */
  public static Mlp of(
      Rng rng, DType dtype, Activation activation, int in, int hidden, int hiddenLayers, int out) {
    if (hiddenLayers < 0) {
      throw new IllegalArgumentException(
          "Mlp: hiddenLayers must be 0 or more, found " + hiddenLayers);
    }
    int[] widths = new int[hiddenLayers + 2];
    Arrays.fill(widths, hidden);
    widths[0] = in;
    widths[widths.length - 1] = out;
    return new Mlp(rng, dtype, activation, widths);
  }

  /** x: rows x in; returns rows x out. */
  public Var apply(Var x) {
    return throughAll(x, null);
  }

  /**
   * The weights as they are now in the layout that the backend multiplies with, for {@link
   * #apply(Var, Tensor[])}: in the current scope, and worth its time for many rows.
   *
   * @return an element for each layer; null for one whose weight serves as it is
   */
  public Tensor[] pack() {
    Tensor[] packed = new Tensor[layers.length];
    for (int i = 0; i < packed.length; i++) {
      packed[i] = layers[i].weight().backend().pack(layers[i].weight().value());
    }
    return packed;
  }

  /**
   * {@link #apply(Var)} with weights that were packed since they last changed.
   *
   * @param packed by {@link #pack}
   * @throws IllegalArgumentException if they are not as many as the layers
   */
  public Var apply(Var x, Tensor[] packed) {
    if (packed.length != layers.length) {
      throw new IllegalArgumentException(
          "Mlp: expected "
              + layers.length
              + " packed weights, found "
              + packed.length
              + "; take what pack() gives");
    }
    return throughAll(x, packed);
  }

  /**
   * With weights packed as {@code packed} has them; for null as each layer was frozen, if it was.
   */
  private Var throughAll(Var x, Tensor[] packed) {
    Var h = x;
    for (int i = 0; i < layers.length; i++) {
      Activation behind = i < layers.length - 1 ? activation : Activation.IDENTITY;
      h = packed == null ? layers[i].apply(h, behind) : layers[i].applyPacked(h, packed[i], behind);
    }
    return h;
  }
}
