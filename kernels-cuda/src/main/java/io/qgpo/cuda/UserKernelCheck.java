package io.qgpo.cuda;

import io.qgpo.cuda.Kernels.Precision;
import io.qgpo.cuda.UserKernelCase.Form;
import io.qgpo.cuda.UserKernelOperand.Distance;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.cpu.ScalarBackend;
import io.qgpo.tensor.kernel.KernelOp;
import io.qgpo.tensor.kernel.Operand;
import io.qgpo.tensor.kernel.Operand.Trait;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Random;
import java.util.function.Consumer;

/**
 * Runs a kernel of a user's beside {@link ScalarBackend} in float64. Results are poisoned before each
 * run, memory around and between rows must stay as it was, inputs, too; and several runs, on the
 * emulator with blocks and threads in several orders, must give the same bits.
 */
final class UserKernelCheck {
  /** float32 sums of a few hundred products; 4e-7 was measured on an H100 for sums of 4096. */
  private static final double FP32_TOLERANCE = 2e-6;

  /** Of products of numbers that are each off by 2^-11 at most. */
  private static final double TF32_TOLERANCE = 1e-3;

  /** The first twice, then in other orders; a GPU chooses its own. */
  private static final int[] ORDERS = {0, 0, 1, 2, 3};

  private final CudaDriver driver;
  private final UserKernel kernel;
  private final KernelOp op;
  private final double tolerance;
  private final boolean emulated;
  private final Consumer<String> out;
  private final ScalarBackend oracle = new ScalarBackend();
  private final Random random = new Random(0);

  UserKernelCheck(
      CudaDriver driver, UserKernel kernel, Precision precision, Consumer<String> out) {
    this.driver = driver;
    this.kernel = kernel;
    this.out = out;
    op = kernel.op();
    emulated = KernelDevice.isEmulator();
    tolerance = precision == Precision.TF32 ? TF32_TOLERANCE : FP32_TOLERANCE;
  }

  /** Whether the kernel is right; the report tells what was tried. */
  boolean run() {
    int wrong = 0;
    List<UserKernelCase> cases = UserKernelCase.of(op, !emulated);
    for (UserKernelCase each : cases) {
      Verdict verdict = check(each);
      wrong += verdict.fault().isPresent() ? 1 : 0;
      out.accept(line(each, verdict));
      if (verdict.ended()) {
        out.accept("The rest was not tried: after a launch that failed nothing can be run.");
        return false;
      }
    }
    out.accept(
        wrong == 0
            ? "right: %d cases, %d runs of each with the same bits".formatted(cases.size(), ORDERS.length)
            : "WRONG: %d of %d cases".formatted(wrong, cases.size()));
    return wrong == 0;
  }

  /**
   * What became of a case.
   *
   * @param error the largest of the results'
   * @param fault what is wrong, if anything
   * @param ended whether nothing can be run any more
   */
  private record Verdict(double error, Optional<String> fault, boolean ended) {}

  private String line(UserKernelCase each, Verdict verdict) {
    String text = each.text(op);
    return verdict.fault().isEmpty()
        ? String.format(
            Locale.ROOT, "ok     %-54s error %.1e of %.0e", text, verdict.error(), tolerance)
        : "WRONG  %-54s %s".formatted(text, verdict.fault().get());
  }

  private Verdict check(UserKernelCase of) {
    List<UserKernelOperand> own = new ArrayList<>();
    UserKernelOperand[] operands = operands(of, own);
    try {
      Tensor[] tensors = new Tensor[operands.length];
      DeviceMatrix[] matrices = new DeviceMatrix[operands.length];
      for (int i = 0; i < operands.length; i++) {
        tensors[i] = operands[i] == null ? null : operands[i].tensor;
        matrices[i] = operands[i] == null ? null : operands[i].matrix();
      }
      op.compute(oracle, tensors);
      return runs(of, own, operands, matrices);
    } catch (CudaException e) {
      String what = emulated ? KernelDevice.message() : e.getMessage();
      if (emulated) {
        KernelDevice.reset();
      }
      return new Verdict(Double.NaN, Optional.of(what), true);
    } finally {
      if (emulated) {
        KernelDevice.schedule(0);
      }
      own.forEach(operand -> free(operand.memory()));
    }
  }

  private void free(DeviceMemory memory) {
    try {
      driver.free(memory);
    } catch (CudaException e) {
      return; // after a failed launch the driver's end frees it
    }
  }

  /** The operands in their order; a result may lie where an input does. */
  private UserKernelOperand[] operands(UserKernelCase of, List<UserKernelOperand> own) {
    List<Operand> declared = op.operands();
    UserKernelOperand[] operands = new UserKernelOperand[declared.size()];
    for (int i = 0; i < operands.length; i++) {
      Operand operand = declared.get(i);
      if (of.form() == Form.IN_PLACE && operand.mayBe() != null) {
        String shared = operand.mayBe();
        operands[i] =
            own.stream().filter(o -> o.operand.name().equals(shared)).findFirst().orElseThrow();
      } else if (of.has(operand)) {
        boolean written =
            operand.traits().contains(Trait.RESULT)
                || of.form() == Form.IN_PLACE
                    && declared.stream().anyMatch(o -> operand.name().equals(o.mayBe()));
        operands[i] = new UserKernelOperand(operand, of, written, driver, oracle, random);
        own.add(operands[i]);
      }
    }
    return operands;
  }

  private Verdict runs(
      UserKernelCase of,
      List<UserKernelOperand> own,
      UserKernelOperand[] operands,
      DeviceMatrix[] matrices) {
    List<int[]> first = null;
    double worst = 0;
    for (int order : ORDERS) {
      List<int[]> bits = run(of, own, matrices, order);
      for (int i = 0; i < own.size(); i++) {
        Optional<String> damage = own.get(i).damage(bits.get(i));
        if (damage.isPresent()) {
          return new Verdict(Double.NaN, damage, false);
        }
      }
      if (first == null) {
        first = bits;
        for (int i = 0; i < operands.length; i++) {
          if (operands[i] != null && op.operands().get(i).traits().contains(Trait.RESULT)) {
            Distance distance = operands[i].distance(bits.get(own.indexOf(operands[i])));
            if (!(distance.error() <= tolerance)) {
              return new Verdict(distance.error(), Optional.of(tell(distance)), false);
            }
            worst = Math.max(worst, distance.error());
          }
        }
      }
      for (int i = 0; i < own.size(); i++) {
        Optional<String> difference = own.get(i).firstDifference(first.get(i), bits.get(i));
        if (difference.isPresent()) {
          return new Verdict(Double.NaN, difference.map(this::race), false);
        }
      }
    }
    return new Verdict(worst, Optional.empty(), false);
  }

  private String tell(Distance distance) {
    return Double.isNaN(distance.error())
        ? distance.worst()
        : String.format(
            Locale.ROOT,
            "error %.1e of %.0e: %s",
            distance.error(),
            tolerance,
            distance.worst());
  }

  private String race(String difference) {
    return (emulated
            ? "other bits with the threads in another order: "
            : "other bits when run again: ")
        + difference
        + "; is a barrier missing, or is a sum atomic?";
  }

  private List<int[]> run(
      UserKernelCase of, List<UserKernelOperand> own, DeviceMatrix[] matrices, int order) {
    if (emulated) {
      KernelDevice.schedule(order);
    }
    own.forEach(UserKernelOperand::upload);
    kernel.launch(of.sizes(), matrices);
    driver.synchronize();
    return own.stream().map(UserKernelOperand::download).toList();
  }
}
