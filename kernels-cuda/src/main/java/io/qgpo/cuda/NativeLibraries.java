package io.qgpo.cuda;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Loads JCuda's native libraries, and the driver below them.
 *
 * <p>JCuda extracts a library to a fixed name in the folder that {@code java.io.tmpdir} names, and
 * takes a file of that name if there is one: several JVMs at once race, and on a shared machine the
 * file may be somebody else's. So that property names a private folder while a class of JCuda is
 * initialised, and the folder is deleted when the library is loaded.
 */
final class NativeLibraries {
  /** The library with the driver API; a path, or a name for the system to find. */
  static final String DRIVER_PROPERTY = "qgpo.cuda.driver";

  private static final String TEMPORARY = "java.io.tmpdir";

  /** Prepares the folder before JCuda looks there. */
  interface Preparation {
    void apply(Path folder) throws IOException;
  }

  private NativeLibraries() {}

  /** Whether there is any sign of NVIDIA's driver: its library, or its part of the system. */
  static boolean hasDriver() {
    if (System.getProperty(DRIVER_PROPERTY) != null
        || Files.exists(Path.of("/proc/driver/nvidia"))) {
      return true;
    }
    try {
      driver();
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  /**
   * Makes the driver's library resident, under the name by which JCuda's library asks for it.
   *
   * @return its symbols
   * @throws IllegalArgumentException if it is not found, saying what would help
   */
  @SuppressWarnings("restricted")
  static SymbolLookup driver() {
    String library = System.getProperty(DRIVER_PROPERTY, "libcuda.so.1");
    try {
      return library.contains("/")
          ? SymbolLookup.libraryLookup(Path.of(library), Arena.global())
          : SymbolLookup.libraryLookup(library, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "no CUDA driver: "
              + library
              + " cannot be loaded; a GPU needs NVIDIA's driver, of CUDA 11.4 or newer",
          e);
    }
  }

  /**
   * Initialises a class of JCuda and so loads its library.
   *
   * @throws IllegalArgumentException if the library cannot be loaded, with the linker's reason
   */
  static synchronized void initialise(String className, Preparation preparation) {
    String before = System.getProperty(TEMPORARY);
    try {
      Path folder = Files.createTempDirectory("qgpo-cuda");
      try {
        preparation.apply(folder);
        System.setProperty(TEMPORARY, folder.toString());
        Class.forName(className, true, NativeLibraries.class.getClassLoader());
      } finally {
        System.setProperty(TEMPORARY, before);
        TemporaryFolder.delete(folder);
      }
    } catch (UnsatisfiedLinkError | NoClassDefFoundError e) {
      throw new IllegalArgumentException(
          "the native library of " + className + " cannot be loaded: " + reason(e), e);
    } catch (ClassNotFoundException e) {
      throw new IllegalArgumentException(className + " is not on the class path", e);
    } catch (IOException e) {
      throw new UncheckedIOException("extracting the native library of " + className, e);
    }
  }

  /** The linker's line in JCuda's report of several traces. */
  static String reason(Throwable error) {
    String report = String.valueOf(error.getMessage());
    return report
        .lines()
        .filter(line -> line.contains(".so") && line.contains("Error:"))
        .map(line -> line.substring(line.lastIndexOf("Error:") + 6).strip())
        .reduce((first, last) -> last)
        .orElseGet(() -> report.lines().findFirst().orElse(""));
  }

  /** The bytes of one of JCuda's libraries in its jar, as in {@code JCublas2}. */
  static byte[] bytes(String library) throws IOException {
    String resource = "/lib/" + fileName(library);
    try (InputStream in = NativeLibraries.class.getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("the class path holds no " + resource);
      }
      return in.readAllBytes();
    }
  }

  /** As JCuda names the file of a library. */
  static String fileName(String library) {
    return "lib" + library + "-" + jcuda.JCudaVersion.get() + "-linux-x86_64.so";
  }
}
