package io.qgpo.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What MuJoCo itself prints of a model. */
public final class ModelText {
  private static final Pattern BODY =
      Pattern.compile("BODY \\d+:\\s+name\\s+(\\w+).*?\\n\\s+body_mass\\s+(\\S+)", Pattern.DOTALL);

  private ModelText() {}

  /** The mass of every body but the world, in kg, by name. */
  @SuppressWarnings("restricted")
  public static Map<String, Double> masses(MujocoLibrary library, String mjcf) throws Throwable {
    SymbolLookup symbols = SymbolLookup.libraryLookup(library.file(), Arena.global());
    MethodHandle print =
        NativeFunctions.procedure(symbols, "mj_printFormattedModel", ADDRESS, ADDRESS, ADDRESS);
    Path file = Files.createTempFile("model", ".txt");
    try (MujocoModel model = library.model(mjcf);
        Arena arena = Arena.ofConfined()) {
      print.invokeExact(
          model.address(), arena.allocateFrom(file.toString()), arena.allocateFrom("%.9f"));
      Map<String, Double> masses = new LinkedHashMap<>();
      Matcher bodies = BODY.matcher(Files.readString(file));
      while (bodies.find()) {
        masses.put(bodies.group(1), Double.valueOf(bodies.group(2)));
      }
      masses.remove("world");
      return masses;
    } finally {
      Files.delete(file);
    }
  }
}
