package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.tensor.Backend;

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
 */
public record Engine(
    String backend,
    String description,
    int vectorBits,
    int threads,
    String program,
    String java,
    String system) {
  private static final String BACKEND = "backend";
  private static final String DESCRIPTION = "engine";
  private static final String VECTOR_BITS = "vectorBits";
  private static final String THREADS = "threads";
  private static final String PROGRAM = "qgpo";
  private static final String JAVA = "java";
  private static final String SYSTEM = "system";

  /** This process, computing with a backend. */
  static Engine of(Backend backend) {
    return new Engine(
        backend.name(),
        backend.description(),
        backend.vectorBits(),
        backend.threads(),
        ProgramVersion.text(),
        Runtime.version().toString(),
        System.getProperty("os.name") + " " + System.getProperty("os.arch"));
  }

  /** Whether both give the same bits: the number of threads makes no difference. */
  boolean givesTheBitsOf(Engine other) {
    boolean knowWidths = vectorBits >= 0 && other.vectorBits >= 0;
    return backend.equals(other.backend)
        && (knowWidths ? vectorBits == other.vectorBits : description.equals(other.description));
  }

  /** Writes it as keys of {@code json}. */
  void putInto(ObjectNode json) {
    json.put(PROGRAM, program).put(JAVA, java).put(SYSTEM, system);
    json.put(BACKEND, backend).put(DESCRIPTION, description);
    json.put(VECTOR_BITS, vectorBits).put(THREADS, threads);
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
        json.has(SYSTEM) ? JsonFiles.text(json, SYSTEM, file) : "");
  }
}
