package io.qgpo.benchmarks;

import io.qgpo.tensor.Activation;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ObservedBackend;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/** A host backend in front of another that adds up the time of every primitive. */
final class TimedBackend {
  /** Calls of one primitive with one set of sizes. */
  private static final class Line {
    private final String primitive;
    private final String detail;
    private final double flop;
    private long calls;
    private long nanos;
    private long best = Long.MAX_VALUE;

    Line(String primitive, String detail, double flop) {
      this.primitive = primitive;
      this.detail = detail;
      this.flop = flop;
    }
  }

  /**
   * Time spent in one primitive.
   *
   * @param primitive its name
   * @param detail matrices: form and sizes; else the operation, if it has several, and the size of
   *     the largest operand
   * @param calls how often it was called
   * @param nanos in all
   * @param bestNanos in all if every call had been as quick as the quickest of its sizes
   * @param flop of all calls; 0 where not counted
   */
  record Row(
      String primitive, String detail, long calls, long nanos, long bestNanos, double flop) {}

  private final Backend backend;
  private final Map<String, Line> lines = new HashMap<>();

  /** In front of {@code inner}, whose storage must be on the host. */
  TimedBackend(Backend inner) {
    backend = ObservedBackend.of(inner, this::computed);
  }

  /** The backend to compute with. */
  Backend backend() {
    return backend;
  }

  /** Forgets what was measured. */
  void reset() {
    lines.clear();
  }

  /** What was measured, the most expensive first. */
  List<Row> rows() {
    return lines.values().stream()
        .map(
            l ->
                new Row(
                    l.primitive, l.detail, l.calls, l.nanos, l.best * l.calls, l.flop * l.calls))
        .sorted(Comparator.comparingLong(Row::nanos).reversed())
        .toList();
  }

  /** {@link #rows} with the details of each primitive added up. */
  List<Row> primitives() {
    return rows().stream()
        .collect(
            Collectors.toMap(
                Row::primitive,
                r -> r,
                (a, b) ->
                    new Row(
                        a.primitive,
                        "",
                        a.calls + b.calls,
                        a.nanos + b.nanos,
                        a.bestNanos + b.bestNanos,
                        a.flop + b.flop)))
        .values()
        .stream()
        .sorted(Comparator.comparingLong(Row::nanos).reversed())
        .toList();
  }

  private void computed(String primitive, Object[] arguments, long nanos) {
    Line line = line(primitive, arguments);
    line.calls++;
    line.nanos += nanos;
    line.best = Math.min(line.best, nanos);
  }

  private Line line(String name, Object[] args) {
    String detail = "";
    switch (name) {
      case "matmul" -> {
        Tensor a = (Tensor) args[2];
        Tensor out = (Tensor) args[4];
        int k = (Boolean) args[0] ? a.rows() : a.columns();
        String form = ((Boolean) args[0] ? "T" : "N") + ((Boolean) args[1] ? "T" : "N");
        detail = "%s %d x %d, k %d".formatted(form, out.rows(), out.columns(), k);
      }
      case "linear" -> {
        Tensor x = (Tensor) args[0];
        Tensor out = (Tensor) args[7];
        String tail = args[4] == Activation.IDENTITY ? "" : " " + args[4];
        tail += args[5] == null ? "" : " + residual";
        detail = "%d x %d, k %d%s".formatted(out.rows(), out.columns(), x.columns(), tail);
      }
      default -> {
        Tensor largest = null;
        for (Object arg : args) {
          if (arg instanceof Enum<?> op) {
            detail = op.name() + " ";
          } else if (arg instanceof Tensor t && (largest == null || t.size() > largest.size())) {
            largest = t;
          }
        }
        detail += largest == null ? "" : largest.rows() + " x " + largest.columns();
      }
    }
    String text = detail;
    double each = ObservedBackend.productFlop(name, args);
    return lines.computeIfAbsent(name + ' ' + detail, _ -> new Line(name, text, each));
  }
}
