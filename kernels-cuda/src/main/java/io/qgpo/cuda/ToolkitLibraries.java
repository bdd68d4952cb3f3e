package io.qgpo.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Path;
import java.util.List;

/** Libraries of CUDA's toolkit, which few machines with a GPU have. */
final class ToolkitLibraries {
  /** Where the system looks, then where the toolkit is installed. */
  private static final List<String> FOLDERS =
      List.of(
          "", "/usr/local/cuda/lib64/", "/usr/local/cuda-13/lib64/", "/usr/local/cuda-12/lib64/");

  private ToolkitLibraries() {}

  /** Makes a library resident, and gives the name it was found by; null if there is none. */
  @SuppressWarnings("restricted")
  static String find(String name) {
    for (String folder : FOLDERS) {
      try {
        if (folder.isEmpty()) {
          SymbolLookup.libraryLookup(name, Arena.global());
        } else {
          SymbolLookup.libraryLookup(Path.of(folder, name), Arena.global());
        }
        return folder + name;
      } catch (IllegalArgumentException e) {
        continue;
      }
    }
    return null;
  }
}
