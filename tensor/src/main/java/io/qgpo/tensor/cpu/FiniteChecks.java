package io.qgpo.tensor.cpu;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;
import java.util.Arrays;
import java.util.stream.Collectors;

/**
 * Finds the first primitive that computes NaN or infinity: a backend that looks at every number
 * after every primitive. Costs several times the time of what it looks at.
 */
public final class FiniteChecks {
  private static final String PROJECT = "io.qgpo.";

  /** Where primitives are called and not what calls them. */
  private static final String ENGINE = "io.qgpo.tensor.";

  private FiniteChecks() {}

  /**
   * The backend to compute with; its primitives throw {@link NotFiniteException}.
   *
   * @param inner does the work; its storage must be {@link HostStorage}
   */
  public static Backend of(Backend inner) {
    return ObservedBackend.of(inner, (primitive, arguments, _) -> check(primitive, arguments));
  }

  private static void check(String primitive, Object[] arguments) {
    for (Object argument : arguments) {
      if (argument instanceof Tensor tensor && tensor.dtype() != DType.INT32) {
        int at = firstNotFinite(tensor);
        if (at >= 0) {
          throw new NotFiniteException(
              "%s gave %s at row %d, column %d of %s, called by %s"
                  .formatted(
                      text(primitive, arguments),
                      element(tensor, at),
                      at / tensor.columns(),
                      at % tensor.columns(),
                      tensor.shape(),
                      callers()));
        }
      }
    }
  }

  private static int firstNotFinite(Tensor tensor) {
    for (int i = 0; i < tensor.size(); i++) {
      if (!Double.isFinite(element(tensor, i))) {
        return i;
      }
    }
    return -1;
  }

  private static double element(Tensor tensor, int i) {
    int index = HostStorage.index(tensor, i);
    return tensor.dtype() == DType.FLOAT32
        ? HostStorage.floats(tensor)[index]
        : HostStorage.doubles(tensor)[index];
  }

  /** As in "binary DIV ([4, 1], [4, 1], [4, 1])". */
  private static String text(String primitive, Object[] arguments) {
    String operation =
        Arrays.stream(arguments)
            .filter(argument -> argument instanceof Enum<?>)
            .map(argument -> " " + argument)
            .collect(Collectors.joining());
    return Arrays.stream(arguments)
        .filter(argument -> argument instanceof Tensor)
        .map(argument -> ((Tensor) argument).shape().toString())
        .collect(Collectors.joining(", ", primitive + operation + " (", ")"));
  }

  /** The operation of the graph and who asked for it, the nearest first. */
  private static String callers() {
    return StackWalker.getInstance()
        .walk(
            frames ->
                frames
                    .filter(frame -> frame.getClassName().startsWith(PROJECT))
                    .filter(frame -> !frame.getClassName().startsWith(ENGINE))
                    .limit(4)
                    .map(
                        frame ->
                            frame.getClassName().replaceFirst(".*\\.", "")
                                + "."
                                + frame.getMethodName())
                    .distinct()
                    .collect(Collectors.joining(", by ")));
  }
}
