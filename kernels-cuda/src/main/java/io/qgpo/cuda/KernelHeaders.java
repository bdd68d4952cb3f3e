package io.qgpo.cuda;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;

/** The headers that a kernel of a user's may include: those of the kernels that are shipped. */
final class KernelHeaders {
  /** What a kernel includes out of habit, and what compilers give it anyway. */
  private static final String NOTHING = "#pragma once\n";

  private KernelHeaders() {}

  /** The headers' texts by their names. */
  static Map<String, String> texts() {
    Map<String, String> texts = new TreeMap<>();
    for (String name : PtxManifest.read().sources().keySet()) {
      if (name.endsWith(".cuh")) {
        texts.put(name, new String(PtxManifest.bytes(name), StandardCharsets.UTF_8));
      }
    }
    return texts;
  }

  /** Writes them into a folder, with one more in the place of CUDA's own. */
  static void write(Path folder) throws IOException {
    writeShipped(folder);
    Files.writeString(folder.resolve("cuda_runtime.h"), NOTHING);
  }

  /** Writes them into a folder. */
  static void writeShipped(Path folder) throws IOException {
    for (Map.Entry<String, String> header : texts().entrySet()) {
      Files.writeString(folder.resolve(header.getKey()), header.getValue());
    }
  }
}
