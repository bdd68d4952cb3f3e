package io.qgpo.env.catalog;

import io.qgpo.env.EnvironmentException;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.PointMaze;
import io.qgpo.env.ScriptedOptimum;
import io.qgpo.env.antmaze.AntMaze;
import io.qgpo.env.locomotion.Locomotion;
import io.qgpo.env.maze2d.Maze2d;
import io.qgpo.tensor.plugin.UserClass;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** All environments, by the names that users type after {@code --env}. */
public final class Environments {
  /** The one that is built in for a first try. */
  public static final String POINT_MAZE = "pointmaze";

  /** What a name begins with that is a class of the user's. */
  public static final String CLASS_PREFIX = UserClass.PREFIX;

  private Environments() {}

  /** The names of all that are built in. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    names.add(POINT_MAZE);
    names.addAll(Locomotion.names());
    names.addAll(Maze2d.names());
    names.addAll(AntMaze.names());
    return List.copyOf(names);
  }

  /**
   * The name of a built-in environment without the version that it has anyway: {@code hopper} for
   * {@code hopper-v2}, {@code maze2d-umaze} for {@code maze2d-umaze-v1}.
   *
   * @return one of {@link #names}; empty if there is none
   */
  public static Optional<String> resolve(String name) {
    return name.equals(POINT_MAZE)
        ? Optional.of(name)
        : Locomotion.resolve(name).or(() -> Maze2d.resolve(name)).or(() -> AntMaze.resolve(name));
  }

  /**
   * The environment of a name.
   *
   * @param name one of {@link #names}, or {@code class:} and the name of a public class with a
   *     public constructor without arguments that implements {@link io.qgpo.env.Environment}
   * @param classpath jars and folders in which such a class is looked for after the program's own
   * @throws EnvironmentException if there is none, or it cannot be used here
   */
  public static EnvironmentSpec find(String name, List<Path> classpath) {
    if (name.startsWith(CLASS_PREFIX)) {
      return UserEnvironment.spec(name.substring(CLASS_PREFIX.length()), classpath);
    }
    if (name.equals(POINT_MAZE)) {
      return EnvironmentSpec.of(POINT_MAZE, PointMaze::new).withOptimum(new ScriptedOptimum());
    }
    return Locomotion.find(name)
        .or(() -> Maze2d.find(name))
        .or(() -> AntMaze.find(name))
        .orElseThrow(
            () ->
                new EnvironmentException(
                    "environment '%s' does not exist; there are %s"
                        .formatted(name, String.join(", ", names()))));
  }
}
