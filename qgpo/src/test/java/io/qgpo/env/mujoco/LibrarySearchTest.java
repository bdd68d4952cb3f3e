package io.qgpo.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LibrarySearchTest {
  @TempDir Path root;
  private Path home;

  @BeforeEach
  void makeHome() throws IOException {
    home = Files.createDirectories(root.resolve("home/me"));
  }

  private Path file(String name) {
    try {
      Path file = root.resolve(name);
      Files.createDirectories(file.getParent());
      return Files.writeString(file, "not a library");
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }

  private LibrarySearch search(String option, Map<String, String> environment, String loaderPath) {
    return LibrarySearch.of(option, environment, loaderPath, home, root);
  }

  @Test
  void theOptionIsTheOnlyPlace() {
    Path library = file("opt/other-name.so");
    file("usr/lib/x86_64-linux-gnu/libmujoco.so.2.2.2");
    LibrarySearch search = search(library.toString(), Map.of("MUJOCO_PATH", "elsewhere"), "");
    assertEquals(List.of(library), search.files());
    assertTrue(search.isNamed());
    assertEquals("--mujoco " + library, search.searched());
    assertEquals(List.of(), search(root.resolve("nothing").toString(), Map.of(), "").files());
  }

  @Test
  void aFolderIsSearchedAsReleasesAndWheelsHaveIt() {
    Path inLib = file("mujoco-3.3.0/lib/libmujoco.so.3.3.0");
    Path inBin = file("windows/bin/mujoco.dll");
    Path inWheel = file("site-packages/mujoco/libmujoco.3.2.1.dylib");
    file("mujoco-3.3.0/lib/libmujoco_simulate.so");
    assertEquals(List.of(inLib), search(root + "/mujoco-3.3.0", Map.of(), "").files());
    assertEquals(List.of(inBin), search(root + "/windows", Map.of(), "").files());
    assertEquals(List.of(inWheel), search(root + "/site-packages", Map.of(), "").files());
    assertEquals(List.of(inWheel), search(root + "/site-packages/mujoco", Map.of(), "").files());
  }

  @Test
  void theVariableComesNext() {
    Path library = file("opt/lib/libmujoco.so.3.3.0");
    file("usr/lib/x86_64-linux-gnu/libmujoco.so.2.2.2");
    LibrarySearch search = search(null, Map.of("MUJOCO_PATH", root + "/opt"), "");
    assertEquals(List.of(library), search.files());
    assertTrue(search.isNamed());
    assertEquals("MUJOCO_PATH " + root + "/opt", search.searched());
  }

  @Test
  void thenTheUsualPlacesInOrder() {
    Path venv = file("venv/lib/python3.12/site-packages/mujoco/libmujoco.so.3.3.2");
    Path user = file("home/me/.local/lib/python3.11/site-packages/mujoco/libmujoco.so.3.1.0");
    Path old = file("home/me/.mujoco/mujoco-2.3.7/lib/libmujoco.so.2.3.7");
    Path recent = file("home/me/.mujoco/mujoco-2.3.10/lib/libmujoco.so.2.3.10");
    Path debian = file("usr/lib/x86_64-linux-gnu/libmujoco.so.2.2.2");
    Path local = file("usr/local/lib/libmujoco.so");
    Path loader = file("custom/libmujoco.so");
    file("custom/mujoco.txt");
    LibrarySearch search =
        search(
            null,
            Map.of("VIRTUAL_ENV", root + "/venv", "CONDA_PREFIX", ""),
            root.resolve("absent") + File.pathSeparator + root.resolve("custom"));
    assertEquals(
        List.of(loader, debian, local, recent, old, venv, user),
        search.files(),
        "newest first in ~/.mujoco: 2.3.10 is later than 2.3.7");
    assertFalse(search.isNamed());
    for (String place :
        List.of("the loader's path", "/usr/lib", "~/.mujoco/*/lib", "Python's mujoco packages")) {
      assertTrue(search.searched().contains(place), search.searched());
    }
  }

  @Test
  void whereThereIsNoneTheMessageSaysWhatToDo() {
    var e =
        assertThrows(
            MujocoException.class, () -> MujocoLibrary.firstOf(search(null, Map.of(), "")));
    for (String part :
        List.of(
            "MuJoCo: found no library (searched: the loader's path, ",
            "apt install libmujoco2.2.2",
            "pip install mujoco",
            "--mujoco PATH",
            "training and 'sample' work without")) {
      assertTrue(e.getMessage().contains(part), e.getMessage());
    }
  }

  @Test
  void filesThatAreNoLibraryAreNamed() {
    Path text = file("opt/libmujoco.so.3.3.0");
    var e =
        assertThrows(
            MujocoException.class,
            () -> MujocoLibrary.firstOf(search(text.toString(), Map.of(), "")));
    assertTrue(
        e.getMessage()
            .startsWith("MuJoCo: " + real(text) + " is no library, but a file of another"),
        e.getMessage());
    assertTrue(e.getMessage().contains("--mujoco PATH"), e.getMessage());
  }

  @Test
  void aLibraryOfAnotherSystemCannotBeLoaded() throws IOException {
    byte[][] heads = {{'M', 'Z', 0, 0}, {0x7F, 'E', 'L', 'F'}, {-2, -19, -6, -49}};
    for (byte[] head : heads) {
      Path file = Files.write(root.resolve("libmujoco.so.3.3.0"), head);
      var e = assertThrows(MujocoException.class, () -> MujocoLibrary.load(file));
      assertTrue(e.getMessage().startsWith(real(file) + " cannot be loaded: "), e.getMessage());
    }
    Path empty = Files.write(root.resolve("empty.so"), new byte[2]);
    var e = assertThrows(MujocoException.class, () -> MujocoLibrary.load(empty));
    assertTrue(e.getMessage().contains(" is no library"), e.getMessage());
  }

  @Test
  void packagesOfAnyPythonAreFound() throws IOException {
    Path pyenv =
        file(
            "home/me/.pyenv/versions/3.13.1/lib/python3.13/site-packages/mujoco/libmujoco.so.3.3.0");
    Path conda = file("home/me/miniconda3/lib/python3.12/site-packages/mujoco/libmujoco.so.3.2.0");
    Path lib64 = file("usr/lib64/python3.9/site-packages/mujoco/libmujoco.so.3.1.0");
    Path own = file("opt/python/lib/python3.11/site-packages/mujoco/libmujoco.so.3.0.0");
    Path python = file("opt/python/bin/python3.11");
    Files.createDirectories(root.resolve("bin"));
    Files.createSymbolicLink(root.resolve("bin/python3"), python);
    Path uv =
        file(
            "home/me/.local/share/uv/python/cpython-3.12/lib/python3.12/site-packages/mujoco/libmujoco.so.2.3.7");
    String path = root.resolve("absent") + File.pathSeparator + root.resolve("bin");
    assertEquals(
        List.of(own, pyenv, uv, conda, lib64), search(null, Map.of("PATH", path), "").files());
  }

  /** Every JDK has this library, which is no MuJoCo. */
  @Test
  void anotherLibraryIsRefusedByWhatItLacks() {
    Path other = Path.of(System.getProperty("java.home"), "lib", System.mapLibraryName("zip"));
    if (!Files.exists(other)) {
      other = Path.of(System.getProperty("java.home"), "bin", System.mapLibraryName("zip"));
    }
    Path file = other;
    var e = assertThrows(MujocoException.class, () -> MujocoLibrary.load(file));
    assertTrue(
        e.getMessage().startsWith(real(file) + " is no MuJoCo library that can be used ("),
        e.getMessage());
    assertTrue(e.getMessage().contains("mj_version"), e.getMessage());
  }

  private static Path real(Path file) {
    try {
      return file.toRealPath();
    } catch (IOException e) {
      throw new AssertionError(e);
    }
  }
}
