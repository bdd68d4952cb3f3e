package io.qgpo.launch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.io.DataInputStream;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

class LauncherTest {
  @Test
  void ownOptionsStandBeforeTheJarOrTheClass() {
    assertEquals(
        List.of("-Xmx6g", "-Da=b"),
        Launcher.ownOptions(new String[] {"-Xmx6g", "-Da=b", "-jar", "qgpo.jar", "train", "-x"}));
    assertEquals(
        List.of("-ea", "-cp", "qgpo.jar"),
        Launcher.ownOptions(
            new String[] {"-ea", "-cp", "qgpo.jar", "io.qgpo.launch.Launcher", "train"}));
    assertEquals(List.of(), Launcher.ownOptions(new String[] {"-jar", "qgpo.jar"}));
  }

  @Test
  void ownOptionsAreUnknownWhereTheSystemDoesNotTellOrAFileHoldsThem() {
    assertNull(Launcher.ownOptions(null));
    assertNull(Launcher.ownOptions(new String[] {"@options", "train"}));
  }

  @Test
  void theChildGetsOptionsThenTheProgramThenItsArguments() throws Exception {
    Jdk jdk = new JdkFinder(null, System.getProperty("java.home"), null, List.of()).find();
    List<String> command =
        Launcher.command(
            jdk, List.of("-Xmx6g", "-Da=b c"), 42, "qgpo.jar", new String[] {"train", "--seed=1"});
    assertEquals(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--add-modules",
            "jdk.incubator.vector",
            "--enable-native-access=ALL-UNNAMED",
            "--sun-misc-unsafe-memory-access=allow",
            "-XX:G1HeapRegionSize=1m",
            "-XX:CompileCommand=quiet",
            "-XX:CompileCommand=inline,io.qgpo.tensor.simd.VectorMath::*",
            "-XX:MaxRAMPercentage=50",
            "-Xmx6g",
            "-Da=b c",
            "-Dio.qgpo.launch.parent=42",
            "-cp",
            "qgpo.jar",
            "io.qgpo.cli.Main",
            "train",
            "--seed=1"),
        command);
  }

  @Test
  void theMainClassStartsOnJava11() throws Exception {
    for (String name : List.of("Launcher", "Launcher$EndChild", "Jdk", "JdkFinder")) {
      try (DataInputStream in =
          new DataInputStream(Launcher.class.getResourceAsStream(name + ".class"))) {
        assertEquals(0xCAFEBABE, in.readInt());
        in.readUnsignedShort();
        assertEquals(55, in.readUnsignedShort(), name); // class file version of Java 11
      }
    }
  }
}
