package io.qgpo.cuda;

import java.io.File;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * Libraries of CUDA's toolkit, which few machines with a GPU have. They are looked for in folders
 * that {@link #FOLDERS_PROPERTY} names, where the system looks, where the toolkit is installed, and
 * in NVIDIA's packages for Python.
 */
final class ToolkitLibraries {
  /** Folders, separated as on a class path. */
  static final String FOLDERS_PROPERTY = "qgpo.cuda.libraries";

  private ToolkitLibraries() {}

  /**
   * A library that a binding of JCuda's computes with.
   *
   * @param name as it was found
   * @param isPatched whether it is newer than the binding asks for, so that a patched copy of that
   *     is loaded ({@link ElfSoname})
   */
  record Loaded(String name, boolean isPatched) {}

  /**
   * Loads a binding with the library that it asks for or, where there is none, a newer one.
   *
   * @param type the binding's class
   * @param binding its library
   * @param linked what it asks for
   * @param newer of as many characters
   * @return null if there is neither
   * @throws IllegalArgumentException if the newer one is of another kind than can be patched in
   */
  static Loaded load(String type, String binding, String linked, String newer) {
    String asked = find(linked);
    String other = asked == null ? find(newer) : null;
    if (asked == null && other == null) {
      return null;
    }
    NativeLibraries.initialise(
        type,
        folder -> {
          if (other != null) {
            byte[] patched = ElfSoname.replace(NativeLibraries.bytes(binding), linked, newer);
            Files.write(folder.resolve(NativeLibraries.fileName(binding)), patched);
          }
        });
    return asked != null ? new Loaded(asked, false) : new Loaded(other, true);
  }

  /** Makes a library resident, and gives the name it was found by; null if there is none. */
  private static String find(String name) {
    String found = findIn(named(), name);
    if (found != null) {
      return found;
    }
    return isLoaded(name) ? name : findIn(installed(), name);
  }

  private static String findIn(List<Path> folders, String name) {
    for (Path folder : folders) {
      String file = folder.resolve(name).toString();
      if (isLoaded(file)) {
        // What it opens by name itself, which the system does not look for in this folder.
        String parts = name.substring(0, name.indexOf('.')) + "-builtins.so.*";
        matching(folder, parts).forEach(part -> isLoaded(part.toString()));
        return file;
      }
    }
    return null;
  }

  @SuppressWarnings("restricted")
  private static boolean isLoaded(String library) {
    try {
      if (library.contains("/")) {
        SymbolLookup.libraryLookup(Path.of(library), Arena.global());
      } else {
        SymbolLookup.libraryLookup(library, Arena.global());
      }
      return true;
    } catch (IllegalArgumentException e) {
      return false;
    }
  }

  private static List<Path> named() {
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(System.getProperty(FOLDERS_PROPERTY, ""))
        .filter(folder -> !folder.isEmpty())
        .map(Path::of)
        .toList();
  }

  private static List<Path> installed() {
    List<Path> folders = new ArrayList<>(matching(Path.of("/usr/local"), "cuda*", "lib64"));
    Stream.of(
            System.getenv("VIRTUAL_ENV"),
            System.getenv("CONDA_PREFIX"),
            System.getProperty("user.home") + "/.local",
            "/usr/local",
            "/usr")
        .filter(Objects::nonNull)
        .forEach(
            prefix ->
                folders.addAll(
                    matching(
                        Path.of(prefix),
                        "lib",
                        "python3*",
                        "{site,dist}-packages",
                        "nvidia",
                        "*",
                        "lib")));
    return folders;
  }

  /** Folders below one, whose names match a pattern on each level; the last by name first. */
  static List<Path> matching(Path root, String... globs) {
    List<Path> folders = List.of(root);
    for (String glob : globs) {
      List<Path> below = new ArrayList<>();
      for (Path folder : folders) {
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder, glob)) {
          entries.forEach(below::add);
        } catch (IOException | DirectoryIteratorException e) {
          continue; // is not there, is no folder, or is closed to us
        }
      }
      below.sort(Comparator.reverseOrder());
      folders = below;
    }
    return folders;
  }
}
