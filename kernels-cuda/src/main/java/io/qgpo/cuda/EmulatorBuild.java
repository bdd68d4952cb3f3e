package io.qgpo.cuda;

import io.qgpo.tensor.kernel.KernelException;
import io.qgpo.tensor.kernel.KernelOp;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Builds the stand-in for the CUDA driver, whose C++ sources are in {@code emulator/} beside the
 * kernels, and kernels for it, by g++.
 */
final class EmulatorBuild {
  static final String COMPILER = "g++";

  /** What the driver's library is called, by those who ask for it. */
  static final String LIBRARY = "libcuda.so.1";

  /** The translation units of the stand-in itself. */
  static final List<String> UNITS = List.of("emulator.cpp", "driver.cpp");

  private static final String FOLDER = "/io/qgpo/cuda/emulator/";

  /** An index outside an array of known size, which on a GPU is anybody's memory, is trapped. */
  static final List<String> TRAPS =
      List.of("-fsanitize=bounds", "-fsanitize-undefined-trap-on-error");

  /** {@code extern __shared__ float name[];}, with an alignment perhaps. */
  private static final Pattern DYNAMIC_SHARED =
      Pattern.compile(
          "extern\\s+__shared__\\s+((?:__align__\\s*\\(\\s*\\d+\\s*\\)|alignas\\s*\\(\\s*\\d+\\s*\\))\\s*)?([A-Za-z_][\\w:"
              + " ]*?)\\s+(\\w+)\\s*\\[\\s*\\]\\s*;");

  private final Path folder;
  private final String compiler;
  private int plugins;

  /**
   * Puts the sources into a folder.
   *
   * @param compiler g++ or another that takes its options
   */
  EmulatorBuild(Path folder, String compiler) throws IOException {
    this.folder = folder;
    this.compiler = compiler;
    for (String name : List.of("emulator.h", "emulator.cpp", "driver.cpp")) {
      try (InputStream in = EmulatorBuild.class.getResourceAsStream(FOLDER + name)) {
        Files.write(folder.resolve(name), in.readAllBytes());
      }
    }
    KernelHeaders.write(folder);
  }

  /**
   * Builds the stand-in, without any kernel.
   *
   * @return its library
   * @throws KernelException if there is no g++
   */
  Path library() throws IOException, InterruptedException {
    List<String> link = new ArrayList<>(List.of("-shared", "-Wl,-soname," + LIBRARY));
    for (String unit : UNITS) {
      Path object = folder.resolve(unit + ".o");
      run(compiler, compileOptions(folder.resolve(unit), object, List.of()));
      link.add(object.toString());
    }
    Path library = folder.resolve(LIBRARY);
    link.addAll(List.of("-ldl", "-lpthread", "-o", library.toString()));
    run(compiler, link);
    return library;
  }

  /**
   * Builds a library of one kernel.
   *
   * @param driver the stand-in's
   * @return what it loads in the place of PTX
   * @throws KernelException with the compiler's message
   */
  String module(KernelSource source, Path driver) throws IOException, InterruptedException {
    String unit = "kernel" + plugins++;
    Path wrapper = folder.resolve(unit + ".cpp");
    String check =
        "static_assert(std::is_same_v<decltype(&%s), void (*)(%s)>,%n\"expected the declaration %s\");%n"
            .formatted(
                source.op().id(),
                String.join(", ", types(source.op())),
                source.op().signature().replace("\"", "\\\""));
    Files.writeString(wrapper, unit(source.name(), shared(source.text()), check, source.op().id()));
    Path object = folder.resolve(unit + ".o");
    List<String> options =
        compileOptions(wrapper, object, List.of(folder, source.file().getParent()));
    options.addAll(TRAPS);
    run(compiler, options);
    Path library = folder.resolve(unit + ".so");
    run(
        compiler,
        List.of("-shared", object.toString(), driver.toString(), "-o", library.toString()));
    return "// emulated by %s%n.version 7.4%n.entry %s(%s )%n"
        .formatted(
            library.toAbsolutePath(),
            source.op().id(),
            " .param .b32 p".repeat(source.op().parameters().size()));
  }

  private static List<String> types(KernelOp op) {
    return op.parameters().stream().map(p -> p.substring(0, p.lastIndexOf(' '))).toList();
  }

  /** Dynamic shared memory is the emulator's: the name refers to its pointer. */
  static String shared(String text) {
    return DYNAMIC_SHARED
        .matcher(text)
        .replaceAll(
            match ->
                "static %1$s*& %2$s = reinterpret_cast<%1$s*&>(emulator::dynamicShared);"
                    .formatted(match.group(2), match.group(3)));
  }

  /** A translation unit with one source, whose names stay inside. */
  static String unit(String name, String source, String behind, String... entries) {
    StringBuilder text = new StringBuilder("#include \"emulator.h\"\nnamespace {\n");
    text.append("#line 1 \"")
        .append(name)
        .append("\"\n")
        .append(source)
        .append('\n')
        .append(behind);
    for (String entry : entries) {
      text.append("EMULATE(").append(entry).append(")\n");
    }
    return text.append("}\n").toString();
  }

  /** Of a translation unit of the stand-in, or of a kernel. */
  static List<String> compileOptions(Path source, Path object, List<Path> includes) {
    List<String> options = new ArrayList<>(List.of("-std=c++17", "-O1", "-c"));
    // Hidden: a kernel may have the name of a function of the C library.
    options.addAll(List.of("-fPIC", "-fvisibility=hidden", "-Wno-unknown-pragmas"));
    includes.forEach(include -> options.add("-I" + include));
    options.addAll(List.of(source.toString(), "-o", object.toString()));
    return options;
  }

  /**
   * Runs the compiler.
   *
   * @throws KernelException if there is none, or it ends with an error, with its message
   */
  static void run(String compiler, List<String> options) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of(compiler));
    command.addAll(options);
    CompilerReport.run(
        command,
        "there is no GPU here, and the emulator needs %s, which is not on the PATH; install it (Debian and Ubuntu: apt install g++)"
            .formatted(compiler));
  }
}
