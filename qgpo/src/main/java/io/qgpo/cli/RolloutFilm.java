package io.qgpo.cli;

import io.qgpo.algorithm.QgpoConfig.EvaluationConfig;
import io.qgpo.env.Drawable;
import io.qgpo.env.Environment;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.StepObserver;
import io.qgpo.env.film.Film;
import io.qgpo.report.RunReport;
import io.qgpo.run.EvaluationReport;
import io.qgpo.run.RunEvaluation;
import io.qgpo.tensor.io.AtomicFiles;
import java.nio.file.Path;

/** A film of the first episode that an evaluation plays at one guidance scale. */
final class RolloutFilm {
  private final Film film = new Film();

  /** Has it taken when the evaluation plays at this scale. */
  RolloutFilm(RunEvaluation evaluation, double scale) {
    String filmed = EvaluationReport.guidedName(scale);
    evaluation.observedBy(name -> name.equals(filmed) ? film : StepObserver.nobody());
  }

  /** Whether an environment can be filmed. */
  static boolean isPossible(EnvironmentSpec environment) {
    try (Environment one = environment.factory().get()) {
      return one instanceof Drawable;
    }
  }

  /** The scale to film where nobody says. */
  static double usualScale(EvaluationConfig settings) {
    return RunReport.filmedScale(settings);
  }

  /** Writes it as a GIF. */
  void write(Path file) {
    byte[] gif = film.toGif();
    AtomicFiles.write(file, out -> out.write(gif));
  }
}
