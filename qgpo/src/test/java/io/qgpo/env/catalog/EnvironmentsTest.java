package io.qgpo.env.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.env.Environment;
import io.qgpo.env.EnvironmentException;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.PointMaze;
import io.qgpo.env.mujoco.RequiredMujoco;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

public class EnvironmentsTest {
  static List<String> names() {
    return Environments.names();
  }

  @ParameterizedTest
  @MethodSource("names")
  void eachNameMakesThatEnvironment(String name) {
    if (!name.equals(Environments.POINT_MAZE) && !name.startsWith("maze2d")) {
      RequiredMujoco.library();
    }
    assertEquals(name, Environments.resolve(name).orElseThrow());
    EnvironmentSpec spec = Environments.find(name, List.of());
    assertEquals(name, spec.name());
    try (Environment environment = spec.factory().get()) {
      assertEquals(environment.observationSize(), environment.reset(1).length);
      assertEquals(environment.actionSize(), environment.actionBounds().actionSize());
    }
  }

  @Test
  void d4rlsNamesAreUnderstood() {
    assertEquals("hopper", Environments.resolve("hopper-v2").orElseThrow());
    assertEquals("walker2d-d4rl", Environments.resolve("walker2d-v2-d4rl").orElseThrow());
    assertEquals("maze2d-umaze", Environments.resolve("maze2d-umaze-v1").orElseThrow());
    assertEquals("antmaze-umaze", Environments.resolve("antmaze-umaze-v2").orElseThrow());
    for (String none :
        List.of(
            "hopper-v3", "maze2d-umaze-v2", "antmaze-umaze-v1", "hopper-v4-v2", "pointmaze-v2")) {
      assertTrue(Environments.resolve(none).isEmpty(), none);
    }
  }

  @Test
  void anUnknownNameIsRefusedWithThoseThatExist() {
    var e = assertThrows(EnvironmentException.class, () -> Environments.find("hop", List.of()));
    assertTrue(
        e.getMessage().startsWith("environment 'hop' does not exist; there are pointmaze, hopper,"),
        e.getMessage());
  }

  // ---- class: --------------------------------------------------------------------------------

  /** Not public: cannot be made from outside. */
  static final class Hidden extends Wrapped {}

  /** Needs an argument. */
  public static final class Demanding extends Wrapped {
    /** Not what is asked for. */
    public Demanding(int argument) {
      super();
    }
  }

  /** Fails when it is made. */
  public static final class Failing extends Wrapped {
    /** Always throws. */
    public Failing() {
      throw new IllegalStateException("no licence");
    }
  }

  /** A point maze that passes for another environment. */
  public static class Wrapped implements Environment {
    private final PointMaze maze = new PointMaze();

    @Override
    public int observationSize() {
      return maze.observationSize();
    }

    @Override
    public int actionSize() {
      return maze.actionSize();
    }

    @Override
    public int maxSteps() {
      return maze.maxSteps();
    }

    @Override
    public io.qgpo.data.ActionBounds actionBounds() {
      return maze.actionBounds();
    }

    @Override
    public float[] reset(long seed) {
      return maze.reset(seed);
    }

    @Override
    public Step step(float[] action) {
      return maze.step(action);
    }
  }

  private static EnvironmentException fault(String name, Path... classpath) {
    return assertThrows(
        EnvironmentException.class,
        () -> Environments.find("class:" + name, List.of(classpath)).factory().get());
  }

  @Test
  void aClassOfTheProgramIsFound() {
    String name = "class:" + Wrapped.class.getName();
    EnvironmentSpec spec = Environments.find(name, List.of());
    assertEquals(name, spec.name());
    try (Environment environment = spec.factory().get()) {
      assertEquals(4, environment.reset(3).length);
    }
  }

  @Test
  void aClassOfAnotherFolderIsFound(@TempDir Path folder) throws IOException {
    Path source = folder.resolve("Mine.java");
    Files.writeString(
        source,
        "package mine; public class Mine extends " + Wrapped.class.getCanonicalName() + " {}");
    int code =
        ToolProvider.getSystemJavaCompiler()
            .run(
                InputStream.nullInputStream(),
                null,
                null,
                "-d",
                folder.toString(),
                "-cp",
                System.getProperty("java.class.path"),
                source.toString());
    assertEquals(0, code);
    assertTrue(fault("mine.Mine").getMessage().endsWith("with --env-classpath"));
    try (Environment mine = Environments.find("class:mine.Mine", List.of(folder)).factory().get()) {
      assertEquals("mine.Mine", mine.getClass().getName());
    }
  }

  @Test
  void unusableClassesAreRefusedEachWithItsFix(@TempDir Path folder) {
    assertEquals(
        "class:java.lang.String: expected a class that implements io.qgpo.env.Environment",
        fault("java.lang.String").getMessage());
    assertEquals(
        "class:no.Such: found no such class in the program or in ["
            + folder
            + "]; name its jar or folder with --env-classpath",
        fault("no.Such", folder).getMessage());
    assertTrue(
        fault(Demanding.class.getName())
            .getMessage()
            .endsWith("expected a public constructor without arguments, found none"));
    assertTrue(
        fault(Failing.class.getName())
            .getMessage()
            .endsWith("its constructor failed: java.lang.IllegalStateException: no licence"));
    assertTrue(
        fault(Hidden.class.getName())
            .getMessage()
            .contains("expected a public constructor without arguments"));
    assertEquals(
        "--env-classpath: expected jars or folders, found nothing at " + folder.resolve("x.jar"),
        fault("mine.Mine", folder.resolve("x.jar")).getMessage());
  }
}
