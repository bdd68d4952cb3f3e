package io.qgpo.cuda;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** Libraries of CUDA's toolkit, which few machines with a GPU have. */
final class ToolkitLibraries {
  /** Where the system looks, then where the toolkit is installed. */
  private static final List<String> FOLDERS =
      List.of(
          "", "/usr/local/cuda/lib64/", "/usr/local/cuda-13/lib64/", "/usr/local/cuda-12/lib64/");

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
  @SuppressWarnings("restricted")
  private static String find(String name) {
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
