package io.qgpo.env.mujoco;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;

/**
 * A loaded and checked MuJoCo library: 2.2.2, or 2.3.6 and later. A library that was loaded once
 * stays so for as long as the process lives. Thread-safe.
 */
@SuppressWarnings("restricted") // calls of native code
public final class MujocoLibrary {
  /** System property with the library's file or folder; the option {@code --mujoco} sets it. */
  public static final String PATH_PROPERTY = "qgpo.mujoco";

  private static final String HOW_TO_INSTALL =
      "install it (Debian and Ubuntu: apt install libmujoco2.2.2; Python: pip install mujoco; or a"
          + " release from https://github.com/google-deepmind/mujoco/releases, unpacked into"
          + " ~/.mujoco) or name its file or folder with --mujoco PATH; only environments that"
          + " simulate bodies need it: training and 'sample' work without";

  private static final Map<Path, MujocoLibrary> LOADED = new LinkedHashMap<>();

  private final Path file;
  private final MujocoVersion version;
  private final NativeFunctions functions;
  private final StateAccess access;

  private MujocoLibrary(
      Path file, MujocoVersion version, NativeFunctions functions, StateAccess access) {
    this.file = file;
    this.version = version;
    this.functions = functions;
    this.access = access;
  }

  /**
   * The library of this machine: the one at {@link #PATH_PROPERTY} or {@code MUJOCO_PATH} if set,
   * else the first that works on the loader's path, in {@code /usr/lib}, in {@code ~/.mujoco}, or
   * in a Python package.
   *
   * @throws MujocoException if there is none, saying what was searched, what was found, and the fix
   */
  public static MujocoLibrary find() {
    LibrarySearch search =
        LibrarySearch.of(
            System.getProperty(PATH_PROPERTY),
            System.getenv(),
            System.getProperty("java.library.path", ""),
            Path.of(System.getProperty("user.home", "")),
            Path.of("/"));
    return firstOf(search);
  }

  static MujocoLibrary firstOf(LibrarySearch search) {
    List<String> faults = new ArrayList<>();
    for (Path candidate : search.files()) {
      try {
        return load(candidate);
      } catch (MujocoException e) {
        faults.add(e.getMessage());
      }
    }
    String found =
        faults.isEmpty()
            ? "found no library (searched: " + search.searched() + ")"
            : String.join("; ", faults);
    throw new MujocoException("MuJoCo: " + found + "; " + HOW_TO_INSTALL);
  }

  /**
   * Loads a library, or returns it if it is loaded.
   *
   * @throws MujocoException if the file is no MuJoCo library, or of a version that is not supported
   */
  public static MujocoLibrary load(Path file) {
    synchronized (LOADED) {
      try {
        Path real = file.toRealPath();
        MujocoLibrary loaded = LOADED.get(real);
        if (loaded == null) {
          loaded = loadNew(real);
          LOADED.put(real, loaded);
        }
        return loaded;
      } catch (IOException e) {
        throw new MujocoException("cannot read " + file + " (" + e.getMessage() + ")", e);
      }
    }
  }

  private static MujocoLibrary loadNew(Path file) throws IOException {
    if (!SharedLibrary.is(file)) {
      throw new MujocoException(file + " is no library, but a file of another kind");
    }
    SymbolLookup symbols;
    try {
      symbols = SymbolLookup.libraryLookup(file, Arena.global());
    } catch (IllegalArgumentException e) {
      throw new MujocoException(
          file
              + " cannot be loaded: it is for another system or processor, or a library that it"
              + " needs is missing",
          e);
    }
    try {
      MujocoVersion version = MujocoVersion.of(NativeFunctions.version(symbols));
      requireSupported(version);
      Handlers.install(symbols);
      var functions = new NativeFunctions(symbols);
      StateAccess access =
          version.isAtLeast(MujocoVersion.STATE_FUNCTIONS) ? null : LayoutAccess.V2_2_2;
      return new MujocoLibrary(file, version, functions, checked(functions, symbols, access));
    } catch (NoSuchElementException | IllegalArgumentException e) {
      throw new MujocoException(
          file + " is no MuJoCo library that can be used (" + e.getMessage() + ")", e);
    } catch (MujocoException e) {
      throw new MujocoException(file + ": " + e.getMessage(), e);
    }
  }

  static void requireSupported(MujocoVersion version) {
    boolean supported =
        version.equals(MujocoVersion.KNOWN_LAYOUT)
            || version.isAtLeast(MujocoVersion.STATE_FUNCTIONS);
    if (!supported) {
      throw new MujocoException(
          "expected MuJoCo %s, or %s or later, found %s"
              .formatted(MujocoVersion.KNOWN_LAYOUT, MujocoVersion.STATE_FUNCTIONS, version));
    }
  }

  /**
   * The access to the state, proved on the keyframe model.
   *
   * @param layout where the state is; null to find it through functions
   */
  static StateAccess checked(NativeFunctions functions, SymbolLookup symbols, StateAccess layout) {
    MemorySegment model = loadXml(functions, SelfCheck.MODEL);
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment data = functions.makeData(model);
      try {
        functions.resetDataKeyframe(model, data, 0);
        StateAccess access = layout == null ? FunctionAccess.find(symbols, model, data) : layout;
        SelfCheck.run(access.of(model, data, arena), () -> functions.step(model, data));
        return access;
      } finally {
        functions.deleteData(data);
      }
    } finally {
      functions.deleteModel(model);
    }
  }

  /**
   * Loads a model.
   *
   * @param mjcf MuJoCo's XML
   * @throws MujocoException with MuJoCo's words if it refuses it
   */
  public MujocoModel model(String mjcf) {
    return new MujocoModel(this, loadXml(functions, mjcf));
  }

  /** MuJoCo reads files; the parser keeps the last model in a global variable. */
  private static synchronized MemorySegment loadXml(NativeFunctions functions, String mjcf) {
    try {
      Path file = Files.createTempFile("qgpo", ".xml");
      try {
        Files.writeString(file, mjcf);
        return functions.loadXml(file.toString());
      } finally {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write a model to a temporary file", e);
    }
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /** Its version. */
  public MujocoVersion version() {
    return version;
  }

  NativeFunctions functions() {
    return functions;
  }

  StateAccess access() {
    return access;
  }
}
