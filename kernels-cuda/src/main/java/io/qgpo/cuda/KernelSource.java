package io.qgpo.cuda;

import io.qgpo.tensor.kernel.KernelException;
import io.qgpo.tensor.kernel.KernelOp;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A kernel of a user's: CUDA C++, or PTX.
 *
 * @param op what it computes
 * @param file absolute
 * @param text its content
 * @param launch how it is launched
 */
record KernelSource(KernelOp op, Path file, String text, LaunchLine launch) {
  /** Sources are some kilobytes. */
  private static final long MOST_BYTES = 4 << 20;

  private static final Pattern INCLUDE =
      Pattern.compile("(?m)^[ \\t]*#[ \\t]*include[ \\t]*\"([^\"\\n]+)\"");

  /**
   * Reads a kernel.
   *
   * @throws KernelException if it cannot be one for this operation
   */
  static KernelSource read(KernelOp op, Path file) {
    String name = String.valueOf(file.getFileName());
    if (!name.endsWith(".cu") && !name.endsWith(".ptx")) {
      throw new KernelException(
          file + ": expected a file whose name ends in .cu or .ptx, found another");
    }
    String text = content(file);
    LaunchLine launch = LaunchLine.parse(text, name);
    KernelSource source = new KernelSource(op, file.toAbsolutePath().normalize(), text, launch);
    if (!source.isPtx()) {
      source.requireEntry();
    }
    return source;
  }

  private static String content(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new KernelException(file + ": expected a kernel's source, found no such file");
      }
      if (Files.size(file) > MOST_BYTES) {
        throw new KernelException(
            "%s: expected at most %d bytes, found %d"
                .formatted(file, MOST_BYTES, Files.size(file)));
      }
      return new String(Files.readAllBytes(file), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new KernelException(file + ": cannot be read: " + e.getMessage(), e);
    }
  }

  /** Without extern "C" a compiler gives the entry point another name. */
  private void requireEntry() {
    Pattern entry =
        Pattern.compile("extern\\s+\"C\"[^;{}]*?\\b__global__\\b[^;{}]*?\\b" + op.id() + "\\s*\\(");
    if (!entry.matcher(text).find()) {
      throw new KernelException(
          "%s: expected a kernel declared as '%s', found none of that name"
              .formatted(name(), op.signature()));
    }
  }

  /** The file's name without its folder. */
  String name() {
    return file.getFileName().toString();
  }

  boolean isPtx() {
    return name().endsWith(".ptx");
  }

  /**
   * The SHA-256 of the file; if it includes files from beside itself, of the hashes of all of them.
   */
  String sha256() {
    Map<Path, String> hashes = new TreeMap<>();
    collect(file, hashes);
    return hashes.size() == 1
        ? hashes.get(file)
        : PtxManifest.sha256(
            String.join("\n", hashes.values()).getBytes(StandardCharsets.US_ASCII));
  }

  private static void collect(Path file, Map<Path, String> hashes) {
    String text = content(file);
    hashes.put(file, PtxManifest.sha256(text.getBytes(StandardCharsets.UTF_8)));
    Matcher matcher = INCLUDE.matcher(text);
    while (matcher.find()) {
      Path included = file.resolveSibling(matcher.group(1)).normalize();
      if (Files.isRegularFile(included) && !hashes.containsKey(included)) {
        collect(included, hashes);
      }
    }
  }
}
