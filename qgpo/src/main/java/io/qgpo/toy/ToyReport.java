package io.qgpo.toy;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.report.Theme;
import io.qgpo.run.JsonFiles;
import io.qgpo.run.ProgramVersion;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.io.AtomicFiles;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/** The files of an experiment. */
public final class ToyReport {
  /** All figures. */
  public static final String JSON = "toy.json";

  /** Figures and pictures, to be looked at. */
  public static final String PAGE = "toy.html";

  private ToyReport() {}

  /**
   * Writes {@link #JSON}, {@link #PAGE} and the picture of the last run, over those that are there.
   *
   * @param folder that exists
   * @param runs at least one
   * @throws io.qgpo.tensor.io.TensorFileException if a file cannot be written
   */
  public static void write(
      Path folder, ToyExperiment.Plan plan, Backend backend, List<ToyRun> runs) {
    ToyRun last = runs.getLast();
    byte[] png = ToyPicture.png(last, Theme.LIGHT);
    AtomicFiles.write(
        folder.resolve("%s-seed%d.png".formatted(last.set().name(), last.seed())),
        file -> file.write(png));
    JsonFiles.write(folder.resolve(JSON), json(plan, backend, runs));
    AtomicFiles.writeText(folder.resolve(PAGE), ToyPage.html(plan, runs));
  }

  private static ObjectNode json(ToyExperiment.Plan plan, Backend backend, List<ToyRun> runs) {
    ObjectNode json = JsonFiles.object();
    json.put("qgpo", ProgramVersion.text()).put("engine", backend.description());
    plan.settings().putInto(json.putObject("settings"));
    json.putObject("sampler")
        .put("preset", plan.sampler().kind().name().toLowerCase(Locale.ROOT))
        .put("evaluations", plan.sampler().evaluations());
    json.put("samples", plan.samples());
    ArrayNode behaviours = json.putArray("behaviours");
    ArrayNode results = json.putArray("results");
    for (ToyRun run : runs) {
      behaviours
          .addObject()
          .put("set", run.set().name())
          .put("seed", run.seed())
          .put("densityMass", run.density().mass());
      run.results().forEach(result -> results.add(result.toJson()));
    }
    return json;
  }
}
