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

  private static final Pattern NUMBER = Pattern.compile("\\d+");

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
   * Loads a binding with the library that it asks for or a newer one, of the first place that has
   * either.
   *
   * @param type the binding's class
   * @param binding its library
   * @param linked what it asks for
   * @param newer of as many characters
   * @return null if there is neither
   * @throws IllegalArgumentException if the newer one is of another kind than can be patched in
   */
  static Loaded load(String type, String binding, String linked, String newer) {
    String found = find(List.of(linked, newer));
    if (found == null) {
      return null;
    }
    boolean isNewer = found.endsWith(newer);
    NativeLibraries.initialise(
        type,
        folder -> {
          if (isNewer) {
            byte[] patched = ElfSoname.replace(NativeLibraries.bytes(binding), linked, newer);
            Files.write(folder.resolve(NativeLibraries.fileName(binding)), patched);
          }
        });
    return new Loaded(found, isNewer);
  }

  /** Makes one of the libraries resident; the name it was found by, or null. */
  private static String find(List<String> names) {
    String found = findIn(named(), names);
    if (found != null) {
      return found;
    }
    for (String name : names) {
      if (makeResident(name)) {
        return name;
      }
    }
    return findIn(installed(), names);
  }

  private static String findIn(List<Path> folders, List<String> names) {
    for (Path folder : folders) {
      for (String name : names) {
        String file = folder.resolve(name).toString();
        if (makeResident(file)) {
          // What it opens by name itself, which the system does not look for in this folder.
          String parts = name.substring(0, name.indexOf('.')) + "-builtins.so.*";
          matching(folder, parts).forEach(part -> makeResident(part.toString()));
          return file;
        }
      }
    }
    return null;
  }

  /** Whether it could be loaded; it stays then. */
  @SuppressWarnings("restricted")
  private static boolean makeResident(String library) {
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
    List<Path> folders = new ArrayList<>(List.of(Path.of("/usr/local/cuda/lib64")));
    folders.addAll(matching(Path.of("/usr/local"), "cuda-*", "lib64"));
    Stream.of(
            System.getenv("VIRTUAL_ENV"),
            System.getenv("CONDA_PREFIX"),
            System.getProperty("user.home") + "/.local",
            "/usr/local",
            "/usr")
        .filter(prefix -> prefix != null && !prefix.isEmpty())
        .forEach(
            prefix ->
                folders.addAll(
                    matching(
                        Path.of(prefix),
                        "lib{,64}",
                        "python3*",
                        "{site,dist}-packages",
                        "nvidia",
                        "*",
                        "lib")));
    return folders;
  }

  /** Entries below a folder, whose names match a pattern on each level; the latest first. */
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
      below.sort(Comparator.comparing(ToolkitLibraries::byNumbers).reversed());
      folders = below;
    }
    return folders;
  }

  /** Such that 3.12 is behind 3.9. */
  private static String byNumbers(Path path) {
    return NUMBER
        .matcher(path.toString())
        .replaceAll(
            number -> "0".repeat(Math.max(0, 9 - number.group().length())) + number.group());
  }
}
