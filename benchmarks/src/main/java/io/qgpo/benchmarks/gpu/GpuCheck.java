package io.qgpo.benchmarks.gpu;

import io.qgpo.tensor.BackendProvider;
import io.qgpo.tensor.Backends;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Checks this machine's GPU within 8 minutes and writes {@code RESULTS-gpu.md} into the current
 * folder: {@code ./run gpu-check} in the bundle that {@code ./run gpu-pack} makes. Without a GPU
 * the tests run on the emulator, and nothing is timed.
 *
 * <p>Each part has a time of its own and is a process of its own: one that fails or hangs is
 * reported, and the others go on.
 */
public final class GpuCheck {
  static final String PAGE = "RESULTS-gpu.md";

  private static final int FAILED = 1;
  private static final int USAGE_ERROR = 2;

  private GpuCheck() {}

  /**
   * Runs the parts; ends with 1 if one failed, with 2 if called wrongly.
   *
   * @param args the bundle's folder
   */
  public static void main(String[] args) throws IOException {
    if (args.length != 1) {
      System.err.println(
          "gpu-check: expected no arguments, found "
              + String.join(" ", List.of(args).subList(Math.min(1, args.length), args.length)));
      System.exit(USAGE_ERROR);
    }
    System.exit(check(new Pack(Path.of(args[0]).toAbsolutePath().normalize()), Path.of("")));
  }

  private static int check(Pack pack, Path folder) throws IOException {
    Path logs = folder.resolve("gpu-check-logs").toAbsolutePath();
    Files.createDirectories(logs);
    String reason = whyNoGpu();
    if (reason != null) {
      System.out.println(
          "No GPU can be used here ("
              + reason
              + "): the tests run on the emulator, which finds wrong results, races and writes"
              + " outside memory, and knows nothing of time; nothing is timed.");
    }
    Parts parts = new Parts(pack, logs, reason);
    parts.run();
    Path page = folder.resolve(PAGE).toAbsolutePath();
    try {
      Files.writeString(page, parts.page());
    } catch (IOException e) {
      throw new UncheckedIOException("writing " + page, e);
    }
    List<Part> failed = new ArrayList<>(parts.done());
    failed.removeIf(part -> part.outcome() != Part.Outcome.FAILED);
    System.out.println("Written: " + page + "; what each part printed is in " + logs);
    if (!failed.isEmpty()) {
      System.out.println(
          "Failed: " + String.join(", ", failed.stream().map(Part::name).toList()) + ".");
    }
    return failed.isEmpty() ? 0 : FAILED;
  }

  /** Why the kernels cannot run on a GPU here; null if they can. */
  private static String whyNoGpu() {
    for (BackendProvider provider : Backends.providers()) {
      if (provider.name().equals(Parts.BACKEND)) {
        return provider.unavailableReason();
      }
    }
    throw new IllegalStateException("the backend cuda is not in this bundle");
  }
}
