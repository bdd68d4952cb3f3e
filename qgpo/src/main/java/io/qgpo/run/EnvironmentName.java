package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.catalog.Environments;
import io.qgpo.tensor.io.TensorFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Which environment a run is evaluated in, as its folder keeps it.
 *
 * @param name as typed after {@code --env}
 * @param classpath where a class of the user's is
 */
public record EnvironmentName(String name, List<Path> classpath) {
  private static final Pattern TYPED = Pattern.compile("[^\\p{Cc}\\s]{1,500}");

  /** The list is copied. */
  public EnvironmentName {
    classpath = List.copyOf(classpath);
  }

  /** A name without a class path. */
  public static EnvironmentName of(String name) {
    return new EnvironmentName(name, List.of());
  }

  /**
   * What there is to know of it.
   *
   * @throws io.qgpo.env.EnvironmentException if it cannot be used here
   */
  public EnvironmentSpec spec() {
    return Environments.find(name, classpath);
  }

  /** Whether it is a class of the user's, code that runs when it is used. */
  public boolean isClass() {
    return name.startsWith(Environments.CLASS_PREFIX);
  }

  /** For {@code config.json}. */
  ObjectNode toJson() {
    ObjectNode json = JsonFiles.object().put("name", name);
    if (!classpath.isEmpty()) {
      var array = json.putArray("classpath");
      classpath.forEach(path -> array.add(path.toAbsolutePath().toString()));
    }
    return json;
  }

  /**
   * The reverse of {@link #toJson}.
   *
   * @param file where it was read, for messages
   * @throws IllegalArgumentException if a path is none
   * @throws TensorFileException if the name is one that nobody types
   */
  static EnvironmentName fromJson(ObjectNode json, String file) {
    List<Path> classpath = new ArrayList<>();
    json.path("classpath").forEach(path -> classpath.add(Path.of(path.asText())));
    String name = JsonFiles.text(json, "name", file);
    if (!TYPED.matcher(name).matches()) {
      throw TensorFileException.content(
          file, "key 'environment.name'", "a name", TensorFileException.quote(name));
    }
    return new EnvironmentName(name, classpath);
  }
}
