package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.Backend;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;

/**
 * What computed a run, and in which versions.
 *
 * @param backend its name
 * @param description in words, with vector width and threads
 * @param vectorBits bits of its vectors, 0 for none; -1 in runs that are older than this record
 * @param threads that computed; -1 in these
 * @param program version of QGPO; empty in these
 * @param java version of the JVM; empty in these
 * @param system operating system and processor's architecture; empty in these
 * @param library of others that computed a part, with its version; empty if none did
 * @param kernels of the user's: what tells one from another, ending in its SHA-256, by the name of
 *     its operation
 */
public record Engine(
    String backend,
    String description,
    int vectorBits,
    int threads,
    String program,
    String java,
    String system,
    String library,
    Map<String, String> kernels) {
  private static final String BACKEND = "backend";
  private static final String DESCRIPTION = "engine";
  private static final String VECTOR_BITS = "vectorBits";
  private static final String THREADS = "threads";
  private static final String PROGRAM = "qgpo";
  private static final String JAVA = "java";
  private static final String SYSTEM = "system";
  private static final String LIBRARY = "library";
  private static final String KERNELS = "kernels";

  /** Of what tells a kernel from another, what does not depend on where its file lies. */
  private static final Pattern HASH = Pattern.compile(".*SHA-256 ");

  /** This process, computing with a backend. */
  static Engine of(Backend backend) {
    return new Engine(
        backend.name(),
        backend.description(),
        backend.vectorBits(),
        backend.threads(),
        ProgramVersion.text(),
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"),
        backend.library(),
        backend.kernels());
  }

  /**
   * Whether both give the same bits: the number of threads makes no difference. A library may
   * compute in other ways on other devices, which the description names.
   */
  boolean givesTheBitsOf(Engine other) {
    boolean knowWidths = vectorBits >= 0 && other.vectorBits >= 0;
    return backend.equals(other.backend)
        && library.equals(other.library)
        && (knowWidths && library.isEmpty()
            ? vectorBits == other.vectorBits
            : description.equals(other.description));
  }

  /**
   * A run goes on with the kernels that it began with: its bits are theirs, and no file of a run
   * may name code that is run.
   *
   * @throws RunException if the backend computes with others
   */
  void requireKernels(Backend backend, Path folder) {
    Map<String, String> found = backend.kernels();
    Set<String> ops = new TreeSet<>(kernels.keySet());
    ops.addAll(found.keySet());
    for (String op : ops) {
      if (!hash(kernels.get(op)).equals(hash(found.get(op)))) {
        throw new RunException(
            "The run %s computes %s by %s, and would go on with %s; %s."
                .formatted(
                    folder,
                    op,
                    words(kernels.get(op)),
                    words(found.get(op)),
                    kernels.containsKey(op)
                        ? "name that kernel with --kernel, its file being as it was"
                        : "leave out --kernel " + op));
      }
    }
  }

  private static String hash(String kernel) {
    return kernel == null ? "" : HASH.matcher(kernel).replaceFirst("");
  }

  private static String words(String kernel) {
    return kernel == null ? "the backend's own kernel" : "your kernel " + kernel;
  }

  /** Writes it as keys of {@code json}. */
  void putInto(ObjectNode json) {
    json.put(PROGRAM, program).put(JAVA, java).put(SYSTEM, system);
    json.put(BACKEND, backend).put(DESCRIPTION, description);
    json.put(VECTOR_BITS, vectorBits).put(THREADS, threads);
    if (!library.isEmpty()) {
      json.put(LIBRARY, library);
    }
    if (!kernels.isEmpty()) {
      ObjectNode object = json.putObject(KERNELS);
      kernels.forEach(object::put);
    }
  }

  /**
   * Reads the keys that {@link #putInto} writes.
   *
   * @param file for messages
   */
  static Engine from(ObjectNode json, String file) {
    return new Engine(
        JsonFiles.text(json, BACKEND, file),
        JsonFiles.text(json, DESCRIPTION, file),
        json.has(VECTOR_BITS) ? (int) JsonFiles.number(json, VECTOR_BITS, file) : -1,
        json.has(THREADS) ? (int) JsonFiles.number(json, THREADS, file) : -1,
        json.has(PROGRAM) ? JsonFiles.text(json, PROGRAM, file) : "",
        json.has(JAVA) ? JsonFiles.text(json, JAVA, file) : "",
        json.has(SYSTEM) ? JsonFiles.text(json, SYSTEM, file) : "",
        json.has(LIBRARY) ? JsonFiles.text(json, LIBRARY, file) : "",
        json.has(KERNELS) ? kernels(JsonFiles.child(json, KERNELS, file), file) : Map.of());
  }

  private static Map<String, String> kernels(ObjectNode json, String file) {
    Map<String, String> kernels = new TreeMap<>();
    json.fieldNames().forEachRemaining(op -> kernels.put(op, JsonFiles.text(json, op, file)));
    return kernels;
  }
}
