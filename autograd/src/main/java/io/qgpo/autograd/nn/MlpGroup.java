package io.qgpo.autograd.nn;

import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Matrix;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Multilayer perceptrons of equal shape beside each other: a layer of all of them is one operation,
 * which fills a GPU better than each by itself. A layer's weights lie behind each other in one
 * tensor; the {@link #members}, whose parameters are parts of it, have the names, are saved and
 * updated.
 */
public final class MlpGroup {
  private final Activation activation;
  private final List<Mlp> members;

  /** Of each layer the weight, (members out) x in, and the bias, members x out. */
  private final List<Var> parameters = new ArrayList<>();

  /**
   * Copies networks.
   *
   * @param networks one or more of equal shape and activation; they are not changed
   * @throws IllegalArgumentException if there is none, or they differ
   */
  public MlpGroup(List<Mlp> networks) {
    if (networks.isEmpty()) {
      throw new IllegalArgumentException("MlpGroup: needs at least one network");
    }
    Mlp first = networks.getFirst();
    activation = first.activation();
    if (networks.stream().anyMatch(network -> network.activation() != activation)) {
      throw new IllegalArgumentException(
          "MlpGroup: expected networks of one activation, found "
              + networks.stream().map(Mlp::activation).toList());
    }
    List<List<Linear>> layers = new ArrayList<>();
    networks.forEach(_ -> layers.add(new ArrayList<>()));
    for (Linear like : first.layers()) {
      Shape shape = like.weight().shape();
      int out = shape.rows();
      Tensor weights = empty(like.weight(), Shape.of(networks.size() * out, shape.columns()));
      Tensor biases = empty(like.bias(), Shape.of(networks.size(), out));
      for (int i = 0; i < networks.size(); i++) {
        Tensor bias = biases.rowBlock(i, networks.size()).reshape(Shape.of(out));
        layers.get(i).add(new Linear(weights.rowBlock(i, networks.size()), bias));
      }
      parameters.add(Var.parameter(weights));
      parameters.add(Var.parameter(biases));
    }
    members = layers.stream().map(own -> new Mlp(activation, own)).toList();
    for (int i = 0; i < networks.size(); i++) {
      members.get(i).copyFrom(networks.get(i));
    }
  }

  private static Tensor empty(Var like, Shape shape) {
    return Tensor.empty(like.backend(), like.dtype(), shape);
  }

  /** The networks, each of which computes by itself, too. */
  public List<Mlp> members() {
    return members;
  }

  /**
   * What all members make of the same input.
   *
   * @param x rows x in
   * @return (members rows) x out: the first member's rows, then the next one's
   */
  public Var apply(Var x) {
    Var h = x;
    for (int i = 0; i < parameters.size(); i += 2) {
      boolean last = i + 2 == parameters.size();
      h =
          Matrix.groupedLinear(
              h,
              i == 0,
              parameters.get(i),
              parameters.get(i + 1),
              last ? Activation.IDENTITY : activation);
    }
    return h;
  }

  /**
   * What gradients are to be asked for: of each layer the weights and the biases of all members.
   */
  public List<Var> parameters() {
    return List.copyOf(parameters);
  }

  /**
   * The gradients of the members' parameters, one member after the other: views of gradients of
   * {@link #parameters}.
   *
   * @param gradients in the order of {@link #parameters}
   * @param parts receives them: as many as the members have parameters
   * @return parts
   * @throws IllegalArgumentException if there is room for another number
   */
  public Tensor[] gradientsOfMembers(Tensor[] gradients, Tensor[] parts) {
    int count = members.size();
    if (parts.length != count * gradients.length) {
      throw new IllegalArgumentException(
          "MlpGroup: expected room for "
              + count * gradients.length
              + " gradients, found "
              + parts.length);
    }
    for (int i = 0; i < parts.length; i++) {
      int member = i / gradients.length;
      int parameter = i % gradients.length;
      Tensor part = gradients[parameter].rowBlock(member, count);
      boolean isBias = parameter % 2 == 1;
      parts[i] = isBias ? part.reshape(Shape.of(part.columns())) : part;
    }
    return parts;
  }
}
