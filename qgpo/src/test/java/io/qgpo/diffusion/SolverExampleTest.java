package io.qgpo.diffusion;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.exact.ExactDiffusion;
import io.qgpo.exact.GaussianMixture;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The example of docs/java.md. */
class SolverExampleTest {
  private record Samples(
      Tensor cosine, Tensor discrete, Tensor limited, Tensor like, Tensor noise) {}

  private static Samples example(
      NoisePrediction conditional,
      NoisePrediction unconditional,
      NoisePrediction onCosine,
      NoisePrediction onSteps,
      double[] betas,
      Tensor data,
      Tensor noise) {
    // java.md begins
    // Other schedules: cosine, and that of a model trained on steps, trained.label(t) being its
    // step.
    SolverOptions options = SolverOptions.multistep(2).withEvaluations(50);
    Tensor cosine =
        new DpmSolver(CosineSchedule.STANDARD, options.withTimes(0.9946, 1e-3))
            .sample(onCosine, noise);
    DiscreteSchedule trained = DiscreteSchedule.ofBetas(betas);
    Tensor discrete = new DpmSolver(trained, options).sample(onSteps, noise);

    // Classifier-free guidance, with predicted data limited.
    NoisePrediction guided = Guidance.classifierFree(conditional, unconditional, 3);
    Tensor limited =
        new DpmSolver(LinearSchedule.PAPER, options.withThresholding(Thresholding.IMAGEN))
            .sample(guided, noise);

    // Samples like given data: noised half the way, and back from there.
    Tensor halfway = LinearSchedule.PAPER.addNoise(data, 0.5, noise);
    Tensor like =
        new DpmSolver(LinearSchedule.PAPER, options.withTimes(0.5, 1e-3))
            .sample(conditional, halfway);

    // The noise from which the solver would make these data.
    Tensor made = new DpmSolver(LinearSchedule.PAPER, options).noiseOf(conditional, data);
    // java.md ends
    return new Samples(cosine, discrete, limited, like, made);
  }

  @Test
  void theManualShowsTheExampleThatIsCompiledHere() throws IOException {
    Path module = Path.of("").toAbsolutePath();
    Path source = module.resolve("src/test/java/io/qgpo/diffusion/SolverExampleTest.java");
    String example = Files.readString(source).split(" *// java.md (begins|ends)\\R")[1];
    String page = Files.readString(module.resolveSibling("docs").resolve("java.md"));
    assertTrue(page.contains(example.stripTrailing().stripIndent()), example);
  }

  /** On N(.5, .2^2) each way of sampling keeps to the data; only thresholding limits them. */
  @Test
  void theExampleRuns() {
    GaussianMixture normal = GaussianMixture.normal(0.5, 0.2);
    double[] betas = {0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8};
    var backend = Backends.choose("scalar", 1).backend();
    Tensor data = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 1), 0.4, 0.8);
    Tensor noise = Tensor.of(backend, DType.FLOAT64, Shape.of(2, 1), 0, 1);
    NoisePrediction conditional = new ExactDiffusion(normal, LinearSchedule.PAPER);
    Samples samples =
        example(
            conditional,
            new ExactDiffusion(GaussianMixture.normal(0, 0.2), LinearSchedule.PAPER),
            new ExactDiffusion(normal, CosineSchedule.STANDARD),
            new ExactDiffusion(normal, DiscreteSchedule.ofBetas(betas)),
            betas,
            data,
            noise);
    double[] quantiles = {0.5, 0.7};
    assertArrayEquals(quantiles, samples.cosine().toDoubleArray(), 0.02);
    assertArrayEquals(quantiles, samples.discrete().toDoubleArray(), 0.02);
    // Guidance at scale 3 leads to N(1.5, .2^2), where all is beyond 1.
    assertArrayEquals(new double[] {1, 1}, samples.limited().toDoubleArray(), 0.02);
    assertEquals(0.5, samples.like().toDoubleArray()[0], 0.2);
    double[] expected = {-0.5, 1.5};
    assertArrayEquals(expected, samples.noise().toDoubleArray(), 0.03);
  }
}
