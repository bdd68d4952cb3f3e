package io.qgpo.autograd.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.autograd.Var;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BackendProvider;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class AdamTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();
  private static final Shape[] SHAPES = {Shape.of(3, 7), Shape.of(5), Shape.SCALAR};

  /** The published update, number by number: Kingma and Ba 2015, algorithm 1, with decay. */
  private static final class Published {
    final double[][] p;
    final double[][] m;
    final double[][] v;
    int t;

    Published(double[][] start) {
      p = new double[start.length][];
      m = new double[start.length][];
      v = new double[start.length][];
      for (int i = 0; i < start.length; i++) {
        p[i] = start[i].clone();
        m[i] = new double[start[i].length];
        v[i] = new double[start[i].length];
      }
    }

    void step(double[][] gradients, double rate, Adam.Options o) {
      t++;
      double norm = 0;
      for (double[] gradient : gradients) {
        for (double g : gradient) {
          norm += g * g;
        }
      }
      norm = Math.sqrt(norm);
      double factor = o.clipNorm() > 0 ? Math.min(1, o.clipNorm() / (norm + 1e-6)) : 1;
      for (int i = 0; i < p.length; i++) {
        for (int j = 0; j < p[i].length; j++) {
          double g = gradients[i][j] * factor;
          m[i][j] = o.beta1() * m[i][j] + (1 - o.beta1()) * g;
          v[i][j] = o.beta2() * v[i][j] + (1 - o.beta2()) * g * g;
          double first = m[i][j] / (1 - Math.pow(o.beta1(), t));
          double second = v[i][j] / (1 - Math.pow(o.beta2(), t));
          p[i][j] -= rate * (first / (Math.sqrt(second) + o.epsilon()) + o.weightDecay() * p[i][j]);
        }
      }
    }
  }

  private static double[][] numbers(long seed) {
    SplittableRandom random = new SplittableRandom(seed);
    double[][] numbers = new double[SHAPES.length][];
    for (int i = 0; i < SHAPES.length; i++) {
      numbers[i] = new double[SHAPES[i].size()];
      for (int j = 0; j < numbers[i].length; j++) {
        numbers[i][j] = (float) random.nextDouble(-1, 1);
      }
    }
    return numbers;
  }

  private static Tensor[] tensors(Backend backend, DType dtype, double[][] numbers) {
    Tensor[] tensors = new Tensor[numbers.length];
    for (int i = 0; i < tensors.length; i++) {
      tensors[i] = Tensor.of(backend, dtype, SHAPES[i], numbers[i]);
    }
    return tensors;
  }

  private static List<Var> parameters(Tensor[] tensors) {
    return List.of(tensors).stream().map(Var::parameter).toList();
  }

  private static void assertFollowsPublished(
      Backend backend, DType dtype, Adam.Options options, Schedule schedule, double tolerance) {
    double[][] start = numbers(1);
    Published published = new Published(start);
    Tensor[] tensors = tensors(backend, dtype, start);
    Adam adam = new Adam(parameters(tensors), schedule, options);
    for (int step = 0; step < 100; step++) {
      double[][] gradients = numbers(10 + step);
      published.step(gradients, schedule.rate(step), options);
      adam.step(tensors(backend, dtype, gradients));
      for (int i = 0; i < tensors.length; i++) {
        assertArrayEquals(published.p[i], tensors[i].toDoubleArray(), tolerance, "step " + step);
      }
    }
    assertEquals(100, adam.steps());
  }

  private static void assertFollowsPublished(Adam.Options options, Schedule schedule) {
    // In float64 what differs is rate and bias corrections, which lie on the device in float32;
    // in float32 each of the 100 updates also rounds parameters below 2 to 2^-24.
    assertFollowsPublished(SCALAR, DType.FLOAT64, options, schedule, 1e-7);
    for (BackendProvider provider : Backends.providers()) {
      assertFollowsPublished(provider.create(1), DType.FLOAT32, options, schedule, 100 * 0x1p-24);
    }
  }

  @Test
  void adam() {
    assertFollowsPublished(Adam.Options.defaults(), Schedule.constant(1e-2));
  }

  @Test
  void adamW() {
    assertFollowsPublished(
        Adam.Options.defaults().withWeightDecay(0.3), Schedule.cosine(1e-2, 1e-3, 50));
  }

  @Test
  void clippedAdam() {
    assertFollowsPublished(new Adam.Options(0.8, 0.95, 1e-3, 0.1, 0.7), Schedule.constant(1e-2));
    // A limit that is never reached.
    assertFollowsPublished(Adam.Options.defaults().withClipNorm(1e6), Schedule.constant(1e-2));
  }

  /** m = .1 g, v = .001 g^2, both corrected to g and g^2: the first step is rate times the sign. */
  @Test
  void theFirstStepByHand() {
    Tensor p = Tensor.of(SCALAR, DType.FLOAT64, Shape.of(3), 1, 1, 1);
    Adam adam =
        new Adam(List.of(Var.parameter(p)), Schedule.constant(0.5), Adam.Options.defaults());
    adam.step(new Tensor[] {Tensor.of(SCALAR, DType.FLOAT64, Shape.of(3), 20, -0.1, 0)});
    assertArrayEquals(new double[] {0.5, 1.5, 1}, p.toDoubleArray(), 1e-6);
    assertArrayEquals(new double[] {2, -0.01, 0}, adam.state().get("m.0").toDoubleArray(), 1e-12);
    assertArrayEquals(new double[] {0.4, 1e-5, 0}, adam.state().get("v.0").toDoubleArray(), 1e-12);
  }

  @Test
  void aResumedRunHasTheBitsOfOneNeverStopped() {
    for (BackendProvider provider : Backends.providers()) {
      Backend backend = provider.create(1);
      Adam.Options options = new Adam.Options(0.9, 0.999, 1e-8, 0.1, 1);
      Schedule schedule = Schedule.cosine(1e-2, 0, 20);
      Supplier<Tensor[]> start = () -> tensors(backend, DType.FLOAT32, numbers(1));
      Tensor[] expected = start.get();
      Adam through = new Adam(parameters(expected), schedule, options);
      Tensor[] first = start.get();
      Adam before = new Adam(parameters(first), schedule, options);
      for (int step = 0; step < 10; step++) {
        through.step(tensors(backend, DType.FLOAT32, numbers(10 + step)));
        before.step(tensors(backend, DType.FLOAT32, numbers(10 + step)));
      }
      Tensor[] second = tensors(backend, DType.FLOAT32, numbers(99));
      for (int i = 0; i < second.length; i++) {
        backend.write(first[i].toFloatArray(), 0, second[i]);
      }
      Adam after = new Adam(parameters(second), schedule, options);
      after.restoreSteps(before.steps());
      before
          .state()
          .forEach((name, t) -> backend.write(t.toFloatArray(), 0, after.state().get(name)));
      for (int step = 10; step < 20; step++) {
        through.step(tensors(backend, DType.FLOAT32, numbers(10 + step)));
        after.step(tensors(backend, DType.FLOAT32, numbers(10 + step)));
      }
      assertEquals(through.steps(), after.steps());
      for (int i = 0; i < expected.length; i++) {
        assertArrayEquals(expected[i].toFloatArray(), second[i].toFloatArray());
      }
    }
  }

  @Test
  void stateNamesTheMoments() {
    Adam adam =
        new Adam(
            parameters(tensors(SCALAR, DType.FLOAT32, numbers(1))),
            Schedule.constant(1),
            Adam.Options.defaults());
    assertEquals(
        List.of("m.0", "v.0", "m.1", "v.1", "m.2", "v.2"), List.copyOf(adam.state().keySet()));
    assertEquals(Shape.of(3, 7), adam.state().get("v.0").shape());
  }

  @Test
  void eachUpdateIsPrepared() {
    Tensor p = Tensor.of(SCALAR, Shape.of(1), 1f);
    Tensor[] gradients = {Tensor.of(SCALAR, Shape.of(1), 1f)};
    Adam adam =
        new Adam(List.of(Var.parameter(p)), Schedule.constant(0.5), Adam.Options.defaults());
    String message = "Adam.update: call prepare() before each update";
    assertEquals(
        message,
        assertThrows(IllegalStateException.class, () -> adam.update(gradients)).getMessage());
    adam.prepare();
    adam.update(gradients);
    assertThrows(IllegalStateException.class, () -> adam.update(gradients));
    adam.prepare();
    adam.restoreSteps(0);
    assertThrows(IllegalStateException.class, () -> adam.update(gradients));
    assertEquals(0.5, p.item(), 1e-6);
  }

  @Test
  void isMadeOutsideScopes() {
    Var p = Var.parameter(Tensor.of(SCALAR, Shape.of(1), 1f));
    try (Scope _ = Scope.open("step")) {
      assertEquals(
          "Adam: make it outside any scope, since it outlives the scope",
          assertThrows(
                  IllegalStateException.class,
                  () -> new Adam(List.of(p), Schedule.constant(1), Adam.Options.defaults()))
              .getMessage());
    }
  }

  private static void assertRefused(String message, Runnable call) {
    assertEquals(message, assertThrows(IllegalArgumentException.class, call::run).getMessage());
  }

  @Test
  void refusals() {
    assertRefused(
        "Adam: expected beta1 in [0, 1), found 1.0", () -> new Adam.Options(1, 0, 1, 0, 0));
    assertRefused(
        "Adam: expected beta2 in [0, 1), found NaN",
        () -> new Adam.Options(0, Double.NaN, 1, 0, 0));
    assertRefused(
        "Adam: expected epsilon above 0, found 0.0", () -> new Adam.Options(0, 0, 0, 0, 0));
    assertRefused(
        "Adam: expected weightDecay 0 or more, found -0.1",
        () -> Adam.Options.defaults().withWeightDecay(-0.1));
    assertRefused(
        "Adam: expected clipNorm 0 (off) or more, found -1.0",
        () -> Adam.Options.defaults().withClipNorm(-1));
    assertRefused(
        "Adam: needs at least one parameter",
        () -> new Adam(List.of(), Schedule.constant(1), Adam.Options.defaults()));
    Adam adam =
        new Adam(
            List.of(Var.parameter(Tensor.of(SCALAR, Shape.of(2), 1f, 2f))),
            Schedule.constant(1),
            Adam.Options.defaults());
    assertRefused("Adam: expected 1 gradients, found 0", () -> adam.step(new Tensor[0]));
    assertRefused(
        "adam: expected gradient of shape [2], found [1]",
        () -> adam.step(new Tensor[] {Tensor.of(SCALAR, Shape.of(1), 1f)}));
    assertRefused("Adam: steps must be 0 or more, found -1", () -> adam.restoreSteps(-1));
  }
}
