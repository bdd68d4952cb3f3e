package io.qgpo.tensor.kernel;

import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ScalarBackend;
import io.qgpo.tensor.kernel.CheckCase.Form;
import io.qgpo.tensor.kernel.CheckedOperand.Distance;
import io.qgpo.tensor.kernel.Operand.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a kernel of a user's beside {@link ScalarBackend} in float64. Results are poisoned before
 * each run, memory around and between rows must stay as it was, inputs, too; and several runs,
 * where the order of threads can be chosen each in another, must give the same bits.
 */
public final class OracleCheck {
  /** Of float32 sums of a few hundred products; 4e-7 was measured on an H100 for sums of 4096. */
  public static final double FP32_TOLERANCE = 2e-6;

  /** Of sums of products of numbers that are each off by 2^-11 at most. */
  public static final double TF32_TOLERANCE = 1e-3;

  /** The runs of a case, the first two of which are alike. */
  private static final int RUNS = 7;

  /** Begins a line that belongs to the one before. */
  private static final String FURTHER = System.lineSeparator() + "         ";

  /** What runs the kernel. */
  public interface Runner {
    /**
     * Runs it once.
     *
     * @param operands as the operation lists them; null where one is left out; one object where a
     *     result lies in the place of an input
     * @param run from 0; where the order of threads can be chosen, 0 and 1 have the same
     * @return the bits of the whole of each operand, in the order of {@code own}
     * @throws Failure if the kernel did not come to its end
     */
    List<int[]> run(CheckCase of, List<CheckedOperand> own, CheckedOperand[] operands, int run)
        throws Failure;

    /** How runs differ, as in "with the threads in another order". */
    String howRunsDiffer();
  }

  /** A kernel did not come to its end, and nothing can be run after it. */
  public static final class Failure extends Exception {
    private static final long serialVersionUID = 1L;

    /** With what went wrong. */
    public Failure(String message, Throwable cause) {
      super(message, cause);
    }
  }

  private final CheckedOp op;
  private final Runner runner;
  private final double tolerance;
  private final Consumer<String> out;
  private final ScalarBackend oracle = new ScalarBackend();
  private final Random random = new Random(0);

  /**
   * A check of one operation.
   *
   * @param tolerance of an error as {@link CheckedOperand#distance} has it
   * @param out takes the lines of the report
   */
  public OracleCheck(CheckedOp op, Runner runner, double tolerance, Consumer<String> out) {
    this.op = op;
    this.runner = runner;
    this.tolerance = tolerance;
    this.out = out;
  }

  /**
   * Tries all cases.
   *
   * @param large also at sizes that fill a GPU
   * @return whether the kernel is right in all of them
   */
  public boolean run(boolean large) {
    int wrong = 0;
    List<CheckCase> cases = CheckCase.of(op, large);
    for (CheckCase each : cases) {
      Verdict verdict;
      try {
        verdict = check(each);
      } catch (Failure e) {
        out.accept(line(each, new Verdict(Double.NaN, Optional.of(e.getMessage()))));
        out.accept(
            "The other cases were not tried: after a kernel that failed nothing can be run.");
        return false;
      }
      wrong += verdict.fault().isPresent() ? 1 : 0;
      out.accept(line(each, verdict));
    }
    out.accept(
        wrong == 0
            ? "%s is right: %d cases, %d runs of each with the same bits"
                .formatted(op.name(), cases.size(), RUNS)
            : "%s is WRONG in %d of %d cases".formatted(op.name(), wrong, cases.size()));
    return wrong == 0;
  }

  /**
   * What became of a case.
   *
   * @param error the largest of the results'
   * @param fault what is wrong, if anything
   */
  private record Verdict(double error, Optional<String> fault) {
    static Verdict wrong(String fault) {
      return new Verdict(Double.NaN, Optional.of(fault));
    }
  }

  private String line(CheckCase each, Verdict verdict) {
    String text = each.text(op);
    return verdict.fault().isEmpty()
        ? String.format(
            Locale.ROOT, "ok     %-54s error %.1e of %.0e", text, verdict.error(), tolerance)
        : "WRONG  " + text + FURTHER + verdict.fault().get();
  }

  private Verdict check(CheckCase of) throws Failure {
    List<CheckedOperand> own = new ArrayList<>();
    CheckedOperand[] operands = operands(of, own);
    Tensor[] tensors = new Tensor[operands.length];
    for (int i = 0; i < operands.length; i++) {
      tensors[i] = operands[i] == null ? null : operands[i].tensor();
    }
    op.compute().compute(oracle, tensors);
    return runs(of, own, operands);
  }

  /** The operands in their order; a result may lie where an input does. */
  private CheckedOperand[] operands(CheckCase of, List<CheckedOperand> own) {
    List<Operand> declared = op.operands();
    CheckedOperand[] operands = new CheckedOperand[declared.size()];
    for (int i = 0; i < operands.length; i++) {
      Operand operand = declared.get(i);
      if (of.form() == Form.IN_PLACE && operand.mayBe() != null) {
        String shared = operand.mayBe();
        operands[i] =
            own.stream().filter(o -> o.operand().name().equals(shared)).findFirst().orElseThrow();
      } else if (of.has(operand)) {
        boolean written =
            operand.traits().contains(Trait.RESULT)
                || of.form() == Form.IN_PLACE
                    && declared.stream().anyMatch(o -> operand.name().equals(o.mayBe()));
        operands[i] = new CheckedOperand(operand, of, written, oracle, random);
        own.add(operands[i]);
      }
    }
    return operands;
  }

  private Verdict runs(CheckCase of, List<CheckedOperand> own, CheckedOperand[] operands)
      throws Failure {
    List<int[]> first = null;
    Verdict verdict = null;
    for (int run = 0; run < RUNS; run++) {
      List<int[]> bits = runner.run(of, own, operands, run);
      for (int i = 0; i < own.size(); i++) {
        Optional<String> damage = own.get(i).damage(bits.get(i));
        if (damage.isPresent()) {
          return Verdict.wrong(damage.get());
        }
      }
      if (first == null) {
        first = bits;
        verdict = values(own, operands, bits);
      }
      for (int i = 0; i < own.size(); i++) {
        Optional<String> difference = own.get(i).firstDifference(first.get(i), bits.get(i));
        if (difference.isPresent()) {
          String race =
              "other bits %s: %s; is a barrier missing, is a sum atomic, is memory shared?"
                  .formatted(runner.howRunsDiffer(), difference.get());
          return Verdict.wrong(verdict.fault().map(f -> f + FURTHER).orElse("") + race);
        }
      }
    }
    return verdict;
  }

  private Verdict values(List<CheckedOperand> own, CheckedOperand[] operands, List<int[]> bits) {
    double worst = 0;
    for (int i = 0; i < operands.length; i++) {
      if (operands[i] != null && op.operands().get(i).traits().contains(Trait.RESULT)) {
        Distance distance = operands[i].distance(bits.get(own.indexOf(operands[i])));
        if (Double.isNaN(distance.error())) {
          return Verdict.wrong(distance.worst());
        }
        if (distance.error() > tolerance) {
          return Verdict.wrong(
              String.format(
                  Locale.ROOT,
                  "error %.1e of %.0e: %s",
                  distance.error(),
                  tolerance,
                  distance.worst()));
        }
        worst = Math.max(worst, distance.error());
      }
    }
    return new Verdict(worst, Optional.empty());
  }
}
