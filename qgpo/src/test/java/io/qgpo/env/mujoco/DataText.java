package io.qgpo.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What MuJoCo itself prints of a state. */
public final class DataText {
  private DataText() {}

  /**
   * A quantity of the state at these positions, with all velocities zero.
   *
   * @param section its heading, such as GEOM_XPOS
   * @return its lines of numbers
   */
  @SuppressWarnings("restricted")
  public static List<double[]> of(
      MujocoLibrary library, String mjcf, double[] positions, String section) throws Throwable {
    SymbolLookup symbols = SymbolLookup.libraryLookup(library.file(), Arena.global());
    MethodHandle print =
        NativeFunctions.procedure(
            symbols, "mj_printFormattedData", ADDRESS, ADDRESS, ADDRESS, ADDRESS);
    Path file = Files.createTempFile("data", ".txt");
    try (MujocoModel model = library.model(mjcf);
        MujocoSimulation simulation = model.simulation();
        Arena arena = Arena.ofConfined()) {
      simulation.reset(positions, new double[simulation.velocityCount()]);
      print.invokeExact(
          model.address(),
          simulation.address(),
          arena.allocateFrom(file.toString()),
          arena.allocateFrom("%.15f"));
      return Files.readAllLines(file).stream()
          .dropWhile(line -> !line.strip().equals(section))
          .skip(1)
          .takeWhile(line -> !line.isBlank())
          .map(DataText::numbers)
          .toList();
    } finally {
      Files.delete(file);
    }
  }

  private static double[] numbers(String line) {
    return Arrays.stream(line.strip().split("\\s+")).mapToDouble(Double::parseDouble).toArray();
  }
}
