package io.qgpo.env.mujoco;

import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedSet;
import java.util.regex.Pattern;

/**
 * Looks for the files that may be the MuJoCo library. A place that the user names is the only one
 * looked at; otherwise the places where installers put it, in a fixed order.
 */
final class LibrarySearch {
  /** File names on Linux, macOS and Windows. */
  private static final Pattern FILE_NAME =
      Pattern.compile("libmujoco\\.so[.0-9]*|libmujoco[.0-9]*\\.dylib|mujoco[0-9]*\\.dll");

  private static final Comparator<Path> NEWEST_FIRST =
      Comparator.comparing(LibrarySearch::numbers, LibrarySearch::compare).reversed();

  private final SequencedSet<Path> files = new LinkedHashSet<>();
  private final List<String> searched = new ArrayList<>();
  private final Path root;
  private boolean named = true;

  private LibrarySearch(Path root) {
    this.root = root;
  }

  /**
   * Searches.
   *
   * @param option the place that the user gave as an option, or null
   * @param environment variables of the process: MUJOCO_PATH, VIRTUAL_ENV, CONDA_PREFIX, PATH
   * @param loaderPath folders in which the JVM looks for libraries, as in {@code java.library.path}
   * @param home the user's folder
   * @param root the file system's root; another one in tests
   */
  static LibrarySearch of(
      String option, Map<String, String> environment, String loaderPath, Path home, Path root) {
    var search = new LibrarySearch(root);
    String variable = environment.get("MUJOCO_PATH");
    if (option != null) {
      search.named("--mujoco", option);
    } else if (variable != null && !variable.isBlank()) {
      search.named("MUJOCO_PATH", variable);
    } else {
      search.named = false;
      search.usualPlaces(environment, loaderPath, home);
    }
    return search;
  }

  /** Library files, the first the one to prefer. */
  List<Path> files() {
    return List.copyOf(files);
  }

  /** Where was looked, for a message. */
  String searched() {
    return String.join(", ", searched);
  }

  /** Whether the user named the place. */
  boolean isNamed() {
    return named;
  }

  private void named(String how, String place) {
    searched.add(how + " " + place);
    try {
      Path path = Path.of(place);
      if (Files.isRegularFile(path)) {
        files.add(path);
      } else {
        addInstallation(path);
      }
    } catch (InvalidPathException e) {
      throw new MujocoException(
          "%s: expected a file or folder, found '%s'; give the path of the MuJoCo library"
              .formatted(how, place),
          e);
    }
  }

  private void usualPlaces(Map<String, String> environment, String loaderPath, Path home) {
    searched.add("the loader's path");
    for (String folder : folders(loaderPath)) {
      addFrom(Path.of(folder));
    }
    searched.add("/usr/lib, /usr/local/lib");
    addFromChildren(root.resolve("usr/lib"), "");
    addFrom(root.resolve("usr/local/lib"));
    searched.add("~/.mujoco/*/lib");
    for (Path installation : children(home.resolve(".mujoco"))) {
      addInstallation(installation);
    }
    addFrom(
        root.resolve(
            "Applications/MuJoCo.app/Contents/Frameworks/mujoco.framework/Versions/Current"));
    searched.add("Python's mujoco packages");
    pythons(environment, home);
  }

  /** Where {@code pip install mujoco} puts it, for the Pythons that are commonly there. */
  private void pythons(Map<String, String> environment, Path home) {
    for (String variable : new String[] {"VIRTUAL_ENV", "CONDA_PREFIX"}) {
      String prefix = environment.get(variable);
      if (prefix != null && !prefix.isBlank()) {
        addFrom(Path.of(prefix, "lib"));
        addFromPython(Path.of(prefix));
      }
    }
    firstPython(environment.getOrDefault("PATH", "")).ifPresent(this::addFromPython);
    addFromPython(home.resolve(".local"));
    for (String versions : new String[] {".pyenv/versions", ".local/share/uv/python"}) {
      children(home.resolve(versions)).forEach(this::addFromPython);
    }
    for (String conda : new String[] {"miniconda3", "anaconda3", "miniforge3"}) {
      addFromPython(home.resolve(conda));
    }
    addFromPython(root.resolve("usr/local"));
    addFromPython(root.resolve("usr"));
  }

  /** The folders of a list such as PATH. */
  private static List<String> folders(String list) {
    return Arrays.stream(list.split(Pattern.quote(File.pathSeparator)))
        .filter(folder -> !folder.isBlank())
        .toList();
  }

  /** The installation of the python3 that a shell would start: what its bin is in. */
  private static Optional<Path> firstPython(String path) {
    for (String folder : folders(path)) {
      try {
        Path python = Path.of(folder, "python3");
        if (Files.isRegularFile(python)) {
          Path bin = python.toRealPath().getParent();
          return Optional.ofNullable(bin.getParent());
        }
      } catch (InvalidPathException | IOException e) {
        // A folder that cannot be read holds no Python for us.
      }
    }
    return Optional.empty();
  }

  /** The wheel {@code mujoco} holds the library. */
  private void addFromPython(Path prefix) {
    for (String lib : new String[] {"lib", "lib64"}) {
      for (Path python : children(prefix.resolve(lib))) {
        if (python.getFileName().toString().startsWith("python3")) {
          addFrom(python.resolve("site-packages/mujoco"));
          addFrom(python.resolve("dist-packages/mujoco"));
        }
      }
    }
    addFrom(prefix.resolve("Lib/site-packages/mujoco")); // Windows
  }

  /** A release has its library in lib, on Windows in bin; a wheel in mujoco. */
  private void addInstallation(Path folder) {
    addFrom(folder);
    for (String child : new String[] {"lib", "bin", "mujoco"}) {
      addFrom(folder.resolve(child));
    }
  }

  private void addFromChildren(Path folder, String child) {
    for (Path subfolder : children(folder)) {
      addFrom(subfolder.resolve(child));
    }
  }

  private void addFrom(Path folder) {
    children(folder).stream()
        .filter(file -> FILE_NAME.matcher(file.getFileName().toString()).matches())
        .filter(Files::isRegularFile)
        .sorted(NEWEST_FIRST)
        .forEach(files::add);
  }

  /** What is in a folder, by name, newest version first; nothing if it cannot be listed. */
  private static List<Path> children(Path folder) {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
      stream.forEach(found::add);
    } catch (IOException | DirectoryIteratorException e) {
      return List.of(); // a folder that is not there or not ours to read holds no library for us
    }
    Collections.sort(found);
    found.sort(NEWEST_FIRST);
    return found;
  }

  /** The numbers in a file's name: libmujoco.so.2.3.7 has 2, 3, 7. */
  private static List<Integer> numbers(Path file) {
    return Pattern.compile("[0-9]{1,6}")
        .matcher(file.getFileName().toString())
        .results()
        .map(match -> Integer.valueOf(match.group()))
        .toList();
  }

  private static int compare(List<Integer> a, List<Integer> b) {
    for (int i = 0; i < Math.min(a.size(), b.size()); i++) {
      int order = a.get(i).compareTo(b.get(i));
      if (order != 0) {
        return order;
      }
    }
    return Integer.compare(a.size(), b.size());
  }
}
