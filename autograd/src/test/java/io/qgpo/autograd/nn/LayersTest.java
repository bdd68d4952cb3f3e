package io.qgpo.autograd.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.GradCheck;
import io.qgpo.autograd.Var;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

class LayersTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();

  private static Rng rng() {
    return new Rng(SCALAR, 7, "layers");
  }

  private static Var input(Shape shape) {
    return Var.parameter(rng().normal(DType.FLOAT64, shape));
  }

  /** Mean within 5 standard errors, variance within 5 of its own. */
  private static void assertMoments(float[] values, double variance, double fourthMoment) {
    double mean = 0;
    double square = 0;
    for (float value : values) {
      mean += value;
      square += value * (double) value;
    }
    mean /= values.length;
    square /= values.length;
    assertEquals(0, mean, 5 * Math.sqrt(variance / values.length));
    double spread = Math.sqrt((fourthMoment - variance * variance) / values.length);
    assertEquals(variance, square, 5 * spread);
  }

  @Test
  void linearStartsUniformWithinPyTorchsBound() {
    Linear layer = new Linear(rng(), DType.FLOAT32, 64, 300);
    Tensor weight = layer.state().get("weight");
    Tensor bias = layer.state().get("bias");
    assertEquals(Shape.of(300, 64), weight.shape());
    assertEquals(Shape.of(300), bias.shape());
    double bound = 1.0 / 8;
    for (Tensor tensor : List.of(weight, bias)) {
      float[] values = tensor.toFloatArray();
      double largest = 0;
      for (float value : values) {
        largest = Math.max(largest, Math.abs(value));
      }
      assertTrue(largest <= bound && largest > 0.98 * bound, "largest " + largest);
      // Of a uniform variable on +-b: variance b^2/3, fourth moment b^4/5.
      assertMoments(values, bound * bound / 3, Math.pow(bound, 4) / 5);
    }
    assertTrue(weight.toFloatArray()[0] != bias.toFloatArray()[0]);
  }

  @Test
  void normalInitialisation() {
    float[] values = Init.normal(rng(), DType.FLOAT32, Shape.of(20_000), 30).toFloatArray();
    // Of a normal variable: fourth moment 3 sd^4.
    assertMoments(values, 900, 3 * 810_000);
  }

  @Test
  void equalStreamsGiveEqualLayers() {
    float[] one = new Linear(rng(), DType.FLOAT32, 5, 3).state().get("weight").toFloatArray();
    float[] two = new Linear(rng(), DType.FLOAT32, 5, 3).state().get("weight").toFloatArray();
    assertArrayEquals(one, two);
  }

  @Test
  void linearComputesItsFormulas() {
    Linear layer = new Linear(rng(), DType.FLOAT64, 2, 1);
    double[] w = layer.state().get("weight").toDoubleArray();
    double b = layer.state().get("bias").item();
    Var x = Var.constant(Tensor.of(SCALAR, DType.FLOAT64, Shape.of(1, 2), 3, -4));
    double z = 3 * w[0] - 4 * w[1] + b;
    assertEquals(z, layer.apply(x).value().item(), 1e-15);
    assertEquals(Math.max(z, 0), layer.apply(x, Activation.RELU).value().item(), 1e-15);
    double silu = z / (1 + Math.exp(-z));
    Var residual = Var.constant(Tensor.full(SCALAR, DType.FLOAT64, Shape.of(1, 1), 10));
    assertEquals(silu + 10, layer.apply(x, Activation.SILU, residual).value().item(), 1e-14);
  }

  @Test
  void mlpHasItsWidthsAndGradients() {
    Mlp mlp = Mlp.of(rng(), DType.FLOAT64, Activation.SILU, 3, 5, 2, 1);
    assertEquals(
        List.of("0.weight", "0.bias", "1.weight", "1.bias", "2.weight", "2.bias"),
        List.copyOf(mlp.state().keySet()));
    assertEquals(Shape.of(5, 3), mlp.state().get("0.weight").shape());
    assertEquals(Shape.of(5, 5), mlp.state().get("1.weight").shape());
    assertEquals(Shape.of(1, 5), mlp.state().get("2.weight").shape());
    assertEquals(15 + 5 + 25 + 5 + 5 + 1, mlp.parameterCount());
    assertEquals(Shape.of(4, 1), mlp.apply(input(Shape.of(4, 3))).shape());
    GradCheck.check("mlp", v -> mlp.apply(v.get(0)), List.of(input(Shape.of(4, 3))));
  }

  /** On vectors, where a frozen layer multiplies with another copy of its weights. */
  @Test
  void aFrozenNetworkComputesTheSame() {
    Backend simd = Backends.choose("simd", 2).backend();
    Mlp mlp = Mlp.of(new Rng(simd, 7, "layers"), DType.FLOAT32, Activation.SILU, 20, 70, 2, 3);
    Var x = Var.parameter(new Rng(simd, 8, "input").normal(DType.FLOAT32, Shape.of(16, 20)));
    Tensor ones = Tensor.full(simd, DType.FLOAT32, Shape.of(16, 3), 1);
    Var y = mlp.apply(x);
    float[] value = y.value().toFloatArray();
    float[] gradient = Grad.of(y, ones, List.of(x))[0].toFloatArray();
    mlp.freeze();
    mlp.freeze();
    y = mlp.apply(x);
    // 70 terms of about 1/8 each: rounding apart in either order.
    assertArrayEquals(value, y.value().toFloatArray(), 1e-6f);
    assertArrayEquals(gradient, Grad.of(y, ones, List.of(x))[0].toFloatArray(), 1e-6f);
  }

  @Test
  void aFrozenNetworkIsNotCopiedInto() {
    Linear layer = new Linear(rng(), DType.FLOAT32, 2, 3);
    Linear other = new Linear(rng(), DType.FLOAT32, 2, 3);
    layer.freeze();
    other.copyFrom(layer);
    assertEquals(
        "copyFrom: Linear is frozen; copy into a new one",
        assertThrows(IllegalStateException.class, () -> layer.copyFrom(other)).getMessage());
    try (Scope _ = Scope.open("step")) {
      assertEquals(
          "Linear: freeze it outside any scope, since it outlives the scope",
          assertThrows(IllegalStateException.class, other::freeze).getMessage());
    }
  }

  @Test
  void mlpActivatesAllLayersButTheLast() {
    Mlp mlp = new Mlp(rng(), DType.FLOAT64, Activation.RELU, 1, 1, 1);
    for (String name : List.of("0.weight", "1.weight")) {
      SCALAR.fill(mlp.state().get(name), -1);
    }
    for (String name : List.of("0.bias", "1.bias")) {
      SCALAR.fill(mlp.state().get(name), 0);
    }
    Tensor x = Tensor.of(SCALAR, DType.FLOAT64, Shape.of(2, 1), 2, -2);
    assertArrayEquals(new double[] {0, -2}, mlp.apply(Var.constant(x)).value().toDoubleArray());
  }

  @Test
  void fourierFeaturesAreFixedAndSaved() {
    FourierFeatures features = new FourierFeatures(rng(), DType.FLOAT64, 6, 30);
    assertEquals(List.of(), features.parameters());
    assertEquals(List.of("W"), List.copyOf(features.state().keySet()));
    double[] w = features.state().get("W").toDoubleArray();
    assertEquals(3, w.length);
    assertTrue(Arrays.stream(w).anyMatch(f -> Math.abs(f) > 3), Arrays.toString(w));
    Var t = Var.constant(Tensor.of(SCALAR, DType.FLOAT64, Shape.of(2, 1), 0, 0.25));
    double[] found = features.apply(t).value().toDoubleArray();
    for (int i = 0; i < 3; i++) {
      assertEquals(0, found[i]);
      assertEquals(1, found[3 + i]);
      assertEquals(Math.sin(Math.PI / 2 * w[i]), found[6 + i], 1e-12);
      assertEquals(Math.cos(Math.PI / 2 * w[i]), found[9 + i], 1e-12);
    }
  }

  @Test
  void modulesAreMadeOutsideScopes() {
    Rng rng = rng();
    try (Scope _ = Scope.open("step")) {
      assertEquals(
          "Linear: make it outside any scope, since it outlives the scope",
          assertThrows(IllegalStateException.class, () -> new Linear(rng, DType.FLOAT32, 2, 3))
              .getMessage());
    }
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void refusals() {
    assertRefused(
        "Linear: sizes must be 1 or more, found in 0 and out 3",
        () -> new Linear(rng(), DType.FLOAT32, 0, 3));
    assertRefused(
        "Linear: sizes must be 1 or more, found in 2 and out -1",
        () -> new Linear(rng(), DType.FLOAT32, 2, -1));
    assertRefused(
        "Mlp: needs an input and an output width, found 1 widths",
        () -> new Mlp(rng(), DType.FLOAT32, Activation.RELU, 3));
    assertRefused(
        "Mlp: hiddenLayers must be 0 or more, found -1",
        () -> Mlp.of(rng(), DType.FLOAT32, Activation.RELU, 3, 4, -1, 2));
    assertRefused(
        "FourierFeatures: expected an even number of features, 2 or more, found 5",
        () -> new FourierFeatures(rng(), DType.FLOAT32, 5, 1));
    assertRefused(
        "FourierFeatures: expected an even number of features, 2 or more, found 0",
        () -> new FourierFeatures(rng(), DType.FLOAT32, 0, 1));
  }

  /** Together, in one operation a layer, as each by itself; and their gradients are the same. */
  @Test
  void aGroupIsItsMembers() {
    Rng rng = rng();
    List<Mlp> networks =
        List.of(
            Mlp.of(rng, DType.FLOAT64, Activation.SILU, 3, 5, 2, 2),
            Mlp.of(rng, DType.FLOAT64, Activation.SILU, 3, 5, 2, 2),
            Mlp.of(rng, DType.FLOAT64, Activation.SILU, 3, 5, 2, 2));
    MlpGroup group = new MlpGroup(networks);
    Var x = input(Shape.of(7, 3));
    Tensor y = group.apply(x).value();
    assertEquals(Shape.of(21, 2), y.shape());
    Tensor gradY = rng.normal(DType.FLOAT64, y.shape());
    Tensor[] gradients =
        group.gradientsOfMembers(
            Grad.of(group.apply(x), gradY, group.parameters()), new Tensor[18]);
    int at = 0;
    for (int i = 0; i < 3; i++) {
      Mlp member = group.members().get(i);
      for (Mlp same : List.of(networks.get(i), member)) {
        assertArrayEquals(
            same.apply(x).value().toDoubleArray(), y.rowBlock(i, 3).toDoubleArray(), 1e-15);
      }
      Tensor[] expected = Grad.of(member.apply(x), gradY.rowBlock(i, 3), member.parameters());
      for (Tensor gradient : expected) {
        assertEquals(gradient.shape(), gradients[at].shape());
        assertArrayEquals(gradient.toDoubleArray(), gradients[at++].toDoubleArray(), 1e-14);
      }
    }
    assertEquals(gradients.length, at);
  }

  @Test
  void aGroupHasMembersOfOneShape() {
    assertEquals(
        "MlpGroup: needs at least one network",
        assertThrows(IllegalArgumentException.class, () -> new MlpGroup(List.of())).getMessage());
    List<Mlp> differing =
        List.of(
            Mlp.of(rng(), DType.FLOAT64, Activation.SILU, 3, 5, 2, 2),
            Mlp.of(rng(), DType.FLOAT64, Activation.SILU, 3, 4, 2, 2));
    assertTrue(
        assertThrows(IllegalArgumentException.class, () -> new MlpGroup(differing))
            .getMessage()
            .contains("0.weight"));
    List<Mlp> activations =
        List.of(
            Mlp.of(rng(), DType.FLOAT64, Activation.SILU, 3, 5, 2, 2),
            Mlp.of(rng(), DType.FLOAT64, Activation.RELU, 3, 5, 2, 2));
    assertEquals(
        "MlpGroup: expected networks of one activation, found [SILU, RELU]",
        assertThrows(IllegalArgumentException.class, () -> new MlpGroup(activations)).getMessage());
    MlpGroup group = new MlpGroup(activations.subList(0, 1));
    Tensor[] gradients = new Tensor[group.parameters().size()];
    assertEquals(
        "MlpGroup: expected room for 6 gradients, found 5",
        assertThrows(
                IllegalArgumentException.class,
                () -> group.gradientsOfMembers(gradients, new Tensor[5]))
            .getMessage());
  }
}
