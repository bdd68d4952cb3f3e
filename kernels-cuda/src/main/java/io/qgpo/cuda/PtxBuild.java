package io.qgpo.cuda;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;

/**
 * Compiles the kernels to the PTX that is checked in, and writes the manifest:
 *
 * <pre>java -cp CLASSES io.qgpo.cuda.PtxBuild kernels-cuda/src/main/resources/io/qgpo/cuda/kernels
 * </pre>
 *
 * <p>nvcc writes the newest PTX version it knows, which drivers older than it refuse. The kernels
 * use nothing newer than PTX 7.4, so that version is written instead, and a driver of CUDA 11.4
 * takes them.
 */
public final class PtxBuild {
  /** Compute capability 8.0, the first with TF32 and cp.async. */
  static final List<String> OPTIONS = List.of("-ptx", "-O3", "-arch=compute_80", "-std=c++17");

  private static final String VERSION = ".version 7.4";

  private PtxBuild() {}

  /** Compiles all kernels in a folder. */
  public static void main(String[] args) throws IOException, InterruptedException {
    if (args.length != 1) {
      throw new IllegalArgumentException("expected one argument, the folder of the kernels");
    }
    Path folder = Path.of(args[0]);
    PtxManifest manifest = build(folder, folder);
    Files.writeString(folder.resolve(PtxManifest.FILE), manifest.text());
    System.out.println("compiled " + manifest.ptx().size() + " modules by " + manifest.compiler());
  }

  /** Compiles the kernels of one folder into another. */
  static PtxManifest build(Path kernels, Path to) throws IOException, InterruptedException {
    SortedMap<String, String> sources = new TreeMap<>();
    SortedMap<String, String> ptx = new TreeMap<>();
    for (Path source : sources(kernels)) {
      String name = source.getFileName().toString();
      sources.put(name, PtxManifest.sha256(Files.readAllBytes(source)));
    }
    try (ExecutorService pool =
        Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors())) {
      List<Callable<Path>> tasks = new ArrayList<>();
      for (String name : sources.keySet()) {
        if (name.endsWith(".cu")) {
          tasks.add(() -> compile(kernels.resolve(name), to));
        }
      }
      for (Future<Path> compiled : pool.invokeAll(tasks)) {
        Path file = compiled.get();
        ptx.put(file.getFileName().toString(), PtxManifest.sha256(Files.readAllBytes(file)));
      }
    } catch (ExecutionException e) {
      throw new IllegalStateException(e.getCause());
    }
    return new PtxManifest(compiler(), String.join(" ", OPTIONS), sources, ptx);
  }

  static List<Path> sources(Path kernels) throws IOException {
    try (Stream<Path> files = Files.list(kernels)) {
      return files
          .filter(f -> f.toString().endsWith(".cu") || f.toString().endsWith(".cuh"))
          .sorted()
          .toList();
    }
  }

  private static Path compile(Path source, Path folder) throws IOException, InterruptedException {
    Path target = folder.resolve(source.getFileName().toString().replace(".cu", ".ptx"));
    List<String> command = new ArrayList<>(List.of("nvcc"));
    command.addAll(OPTIONS);
    command.addAll(List.of("-o", target.toString(), source.toString()));
    run(command);
    String text = Files.readString(target);
    return Files.writeString(target, marked(text));
  }

  /** PTX with the version that drivers of CUDA 11.4 take. */
  static String marked(String ptx) {
    return ptx.replaceFirst("(?m)^\\.version \\d+\\.\\d+", VERSION);
  }

  /** nvcc's name of its build; null where there is no nvcc. */
  static String compiler() throws IOException, InterruptedException {
    String output;
    try {
      output = run(List.of("nvcc", "--version"));
    } catch (IOException e) {
      return null;
    }
    List<String> lines = output.lines().toList();
    return lines.get(lines.size() - 1).replace("Build ", "").strip();
  }

  private static String run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes());
    if (process.waitFor() != 0) {
      throw new IllegalStateException(
          String.join(" ", command) + " ended with " + process.exitValue() + ": " + output);
    }
    return output;
  }
}
