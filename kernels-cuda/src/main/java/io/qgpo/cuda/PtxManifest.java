package io.qgpo.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.Properties;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * What the PTX that is checked in was made of: sources, compiler, options. PTX needs a toolkit to
 * be made and none to be used; the manifest is how a build without one sees that sources and PTX
 * belong together.
 *
 * @param compiler nvcc's own name of its build
 * @param options its command line
 * @param sources SHA-256 of each source and header, by file name
 * @param ptx SHA-256 of each PTX, by file name
 */
public record PtxManifest(
    String compiler, String options, Map<String, String> sources, Map<String, String> ptx) {
  /** Where kernels lie on the class path. */
  static final String FOLDER = "/io/qgpo/cuda/kernels/";

  static final String FILE = "manifest.properties";

  /** The manifest on the class path. */
  public static PtxManifest read() {
    Properties properties = new Properties();
    try (InputStream in = open(FILE)) {
      properties.load(in);
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + FOLDER + FILE, e);
    }
    return new PtxManifest(
        properties.getProperty("compiler"),
        properties.getProperty("options"),
        withPrefix(properties, "source."),
        withPrefix(properties, "ptx."));
  }

  private static SortedMap<String, String> withPrefix(Properties properties, String prefix) {
    SortedMap<String, String> found = new TreeMap<>();
    for (String key : properties.stringPropertyNames()) {
      if (key.startsWith(prefix)) {
        found.put(key.substring(prefix.length()), properties.getProperty(key));
      }
    }
    return found;
  }

  /** As it is checked in. */
  String text() {
    StringBuilder text = new StringBuilder("# Made by io.qgpo.cuda.PtxBuild; not to be edited.\n");
    text.append("compiler = ").append(compiler).append('\n');
    text.append("options = ").append(options).append('\n');
    sources.forEach((name, sha) -> text.append("source.%s = %s\n".formatted(name, sha)));
    ptx.forEach((name, sha) -> text.append("ptx.%s = %s\n".formatted(name, sha)));
    return text.toString();
  }

  /** The PTX of a source, by its name without extension. */
  static String ptx(String name) {
    return new String(bytes(name + ".ptx"), StandardCharsets.US_ASCII);
  }

  /** A source, header or PTX. */
  static byte[] bytes(String file) {
    try (InputStream in = open(file)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException("reading " + FOLDER + file, e);
    }
  }

  private static InputStream open(String file) {
    InputStream in = PtxManifest.class.getResourceAsStream(FOLDER + file);
    if (in == null) {
      throw new IllegalStateException(
          "the class path holds no " + FOLDER + file + "; PtxBuild makes it");
    }
    return in;
  }

  static String sha256(byte[] bytes) {
    try {
      return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}
