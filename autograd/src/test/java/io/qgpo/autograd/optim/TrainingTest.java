package io.qgpo.autograd.optim;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.nn.Mlp;
import io.qgpo.autograd.op.Loss;
import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BackendProvider;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Whole training steps: a small network learns x0 x1. */
class TrainingTest {
  private static final int ROWS = 64;

  private static final class Run {
    final Backend backend;
    final Rng rng;
    final Mlp net;
    final Adam adam;

    Run(Backend backend) {
      this.backend = backend;
      rng = new Rng(backend, 5, "batches");
      net = Mlp.of(new Rng(backend, 5, "net"), DType.FLOAT32, Activation.SILU, 2, 24, 2, 1);
      adam =
          new Adam(
              net.parameters(),
              Schedule.cosine(2e-2, 1e-4, 300),
              Adam.Options.defaults().withClipNorm(10));
    }

    double step() {
      adam.prepare();
      double[] loss = new double[1];
      try (Scope scope = Scope.open("regression step")) {
        Tensor x = rng.uniform(DType.FLOAT32, Shape.of(ROWS, 2), -1, 1);
        float[] xs = x.toFloatArray();
        float[] ys = new float[ROWS];
        for (int i = 0; i < ROWS; i++) {
          ys[i] = xs[2 * i] * xs[2 * i + 1];
        }
        Tensor y = Tensor.of(backend, Shape.of(ROWS, 1), ys);
        Var error = Loss.meanSquaredError(net.apply(Var.constant(x)), y);
        adam.update(Grad.of(error, net.parameters()));
        loss[0] = scope.escape(error.value()).item();
      }
      return loss[0];
    }

    List<float[]> bits() {
      List<float[]> bits = new ArrayList<>();
      net.state().values().forEach(t -> bits.add(t.toFloatArray()));
      adam.state().values().forEach(t -> bits.add(t.toFloatArray()));
      return bits;
    }
  }

  @Test
  void aSmallRegressionConverges() {
    for (BackendProvider provider : Backends.providers()) {
      Run run = new Run(provider.create(2));
      double first = run.step();
      double last = 0;
      for (int i = 0; i < 300; i++) {
        last = run.step();
      }
      // The data's variance is 1/9.
      assertTrue(first > 0.05, provider.name() + " started at " + first);
      assertTrue(last < 1e-3, provider.name() + " ended at " + last);
    }
  }

  @Test
  void aResumedRunHasTheBitsOfOneNeverStopped() {
    for (BackendProvider provider : Backends.providers()) {
      Backend backend = provider.create(2);
      Run through = new Run(backend);
      Run before = new Run(backend);
      for (int i = 0; i < 10; i++) {
        assertEquals(through.step(), before.step());
      }
      Run after = new Run(backend);
      for (int i = 0; i < 3; i++) {
        after.step();
      }
      after.net.copyFrom(before.net);
      after.adam.restoreSteps(before.adam.steps());
      before.adam.state().forEach((name, t) -> backend.copy(t, after.adam.state().get(name)));
      after.rng.restore(before.rng.save());
      for (int i = 0; i < 10; i++) {
        assertEquals(through.step(), after.step());
      }
      List<float[]> expected = through.bits();
      List<float[]> found = after.bits();
      for (int i = 0; i < expected.size(); i++) {
        assertArrayEquals(expected.get(i), found.get(i));
      }
    }
  }
}
