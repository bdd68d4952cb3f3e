package io.qgpo.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JdkFinderTest {
  private static final String MODULES = "java.base jdk.incubator.vector jdk.net";

  @TempDir Path folder;

  @Test
  void theChosenHomeComesFirst() throws Exception {
    Path chosen = jdk("chosen", "26", MODULES);
    Path running = jdk("running", "25", MODULES);
    assertEquals(chosen, find(chosen, running, running));
  }

  @Test
  void anUnsuitableChosenHomeIsAnErrorThatNamesIt() throws Exception {
    Path old = jdk("old", "17.0.15", MODULES);
    Path running = jdk("running", "25", MODULES);
    assertEquals(
        "QGPO_JAVA_HOME is "
            + old
            + ", which is a JDK 17: set it to the home of a JDK 25 or later, or unset it.",
        message(old, running));
    Path bare = jdk("bare", "25", "java.base");
    assertTrue(message(bare, running).contains("a JDK 25 without the module jdk.incubator.vector"));
    Path absent = folder.resolve("absent");
    assertTrue(message(absent, running).contains(absent + ", which is no JDK:"));
  }

  @Test
  void thenTheRunningOneThenJavaHomeThenTheFolders() throws Exception {
    Path old = jdk("old", "11.0.2", MODULES);
    Path running = jdk("running", "25.0.1", MODULES);
    Path named = jdk("named", "25.0.2", MODULES);
    Path installed = jdk("installed/25", "25.0.3", MODULES);
    Path parent = installed.getParent();
    assertEquals(running, find(null, running, named, parent));
    assertEquals(named, find(null, old, named, parent));
    assertEquals(installed, find(null, old, old, parent));
    assertEquals(installed, find(null, old, null, folder.resolve("absent"), parent));
  }

  @Test
  void amongInstalledTheNearestTo25AndThenTheLastByName() throws Exception {
    jdk("jvm/a-17", "17.0.9", MODULES);
    jdk("jvm/b-26", "26-ea", MODULES);
    Path parent = folder.resolve("jvm");
    assertEquals(parent.resolve("b-26"), find(null, null, null, parent));
    jdk("jvm/c-25.0.1", "25.0.1", MODULES);
    jdk("jvm/d-25.0.2", "25.0.2", MODULES);
    jdk("jvm/e-25-without", "25.0.3", "java.base");
    jdk("jvm/f-27", "27", MODULES);
    assertEquals(parent.resolve("d-25.0.2"), find(null, null, null, parent));
  }

  @Test
  void noJdkIsOneSentence() throws Exception {
    Path old = jdk("old", "24.0.2", MODULES);
    NoJdkException e =
        assertThrows(NoJdkException.class, () -> find(null, old, old, folder.resolve("absent")));
    assertTrue(e.getMessage().startsWith("QGPO needs a JDK 25 or later, and none was found"));
    assertEquals(1, e.getMessage().lines().count());
  }

  @Test
  void aMacOsBundleHasItsHomeInside() throws Exception {
    jdk("bundles/temurin-25.jdk/Contents/Home", "25.0.1", MODULES);
    Path parent = folder.resolve("bundles");
    assertEquals(
        parent.resolve("temurin-25.jdk").resolve("Contents").resolve("Home"),
        find(null, null, null, parent));
  }

  @ParameterizedTest
  @CsvSource({"25,25", "25.0.1,25", "25-ea,25", "1.8.0_412,1", "100.1,100", "x,0", "'',0"})
  void readsTheFeatureRelease(String version, int feature) throws Exception {
    assertEquals(feature, Jdk.at(jdk("jdk", version, MODULES)).feature);
  }

  @Test
  void aReleaseFileWithoutModulesIsTrusted() throws Exception {
    Path home = jdk("jdk", "25", null);
    assertTrue(Jdk.at(home).suitable());
  }

  @Test
  void whatIsNoJdkIsSkipped() throws Exception {
    assertNull(Jdk.at((String) null));
    assertNull(Jdk.at(""));
    assertNull(Jdk.at("a\0b"));
    Path home = jdk("jdk", "25", MODULES);
    assertNotNull(Jdk.at(home.toString()));
    Files.delete(Jdk.at(home).java());
    assertNull(Jdk.at(home));
    Path large = jdk("large", "25", "java.base ".repeat(10_000));
    assertNull(Jdk.at(large));
    Path directory = jdk("directory", "25", MODULES);
    Files.delete(directory.resolve("release"));
    Files.createDirectory(directory.resolve("release"));
    assertNull(Jdk.at(directory));
  }

  @Test
  void theUsualFoldersFollowTheUsersHome() {
    List<Path> folders = JdkFinder.usualFolders("/home/someone", null);
    assertTrue(folders.contains(Path.of("/home/someone/.sdkman/candidates/java")));
    assertTrue(folders.contains(Path.of("/home/someone/.jdks")));
  }

  @Test
  void findsTheJdkThatRunsThisTest() throws Exception {
    String running = System.getProperty("java.home");
    Jdk found = new JdkFinder(null, running, null, List.of()).find();
    assertEquals(Path.of(running), found.home);
    assertEquals(Runtime.version().feature(), found.feature);
  }

  private Path find(Path chosen, Path running, Path javaHome, Path... folders)
      throws NoJdkException {
    return new JdkFinder(text(chosen), text(running), text(javaHome), List.of(folders)).find().home;
  }

  private String message(Path chosen, Path running) {
    return assertThrows(NoJdkException.class, () -> find(chosen, running, null)).getMessage();
  }

  private static String text(Path path) {
    return path == null ? null : path.toString();
  }

  /** A folder that looks like a JDK's home; {@code modules} null leaves that line out. */
  private Path jdk(String name, String version, String modules) throws IOException {
    Path home = folder.resolve(name);
    Files.createDirectories(home.resolve("bin"));
    Path java = home.resolve("bin").resolve("java");
    Files.writeString(java, "");
    Files.setPosixFilePermissions(java, PosixFilePermissions.fromString("rwxr-xr-x"));
    String lines = "IMPLEMENTOR=\"Someone\"\nJAVA_VERSION=\"" + version + "\"\n";
    Files.writeString(
        home.resolve("release"), modules == null ? lines : lines + "MODULES=\"" + modules + "\"\n");
    return home;
  }
}
