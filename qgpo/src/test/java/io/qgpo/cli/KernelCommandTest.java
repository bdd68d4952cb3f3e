package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.run.RunInfo;
import io.qgpo.tensor.kernel.HostOp;
import io.qgpo.tensor.kernel.KernelOp;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Kernels of users' from the command line; those in CUDA C++ are tried in CudaWorkshopTest. */
class KernelCommandTest {
  private static final String LINEAR = "class:" + PlainLinear.class.getName();

  @TempDir Path folder;

  private static Cli.Outcome check(String op, Class<?> type) {
    return Cli.run(
        "kernel", "check", "class:" + type.getName(), "--op", op, "--backend=simd", "--threads=1");
  }

  @Test
  void opsPrintsTheContractOfEach() {
    Cli.Outcome outcome = Cli.run("kernel", "ops");
    assertEquals(Main.OK, outcome.code(), outcome.err());
    for (KernelOp op : KernelOp.values()) {
      assertTrue(outcome.out().contains("\n  " + op.signature() + "\n"), op.id());
    }
    for (HostOp op : HostOp.values()) {
      assertTrue(outcome.out().contains("HostKernels." + op.type().getSimpleName()), op.id());
    }
    assertTrue(outcome.out().contains("gradZ: rows x columns, written, may be gradOut"));
    assertTrue(outcome.out().contains("bias: columns elements, may be null"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "check absent.cu --op softmax | absent.cu: expected a kernel's source, found no such file.",
        "check absent.cu --op softmx | --op: expected one of",
        "check absent.cu | Missing required option: '--op=OP'",
        "bench class:no.Such --op linear | class:no.Such: found no such class in the program; name"
            + " its jar or folder with --kernel-classpath.",
        "check class:no.Such --op linear_silu | --op of a class: expected one of linear,"
            + " linear_grad, matmul, softmax, unary, found 'linear_silu'",
        "check class:java.lang.Object --op unary | expected a class that implements"
            + " io.qgpo.tensor.kernel.HostKernels.Unary",
        "check absent.cu --op softmax --kernel-classpath . | --kernel-classpath: expected together"
            + " with a class, found a file.",
        "check class:no.Such --op linear --kernel-classpath none.jar | found nothing at none.jar.",
      })
  void misuseIsOneSentence(String arguments, String told) {
    Cli.Outcome outcome = Cli.run(("kernel " + arguments).split(" "));
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertEquals(1, outcome.err().lines().count(), outcome.err());
    assertTrue(outcome.err().contains(told), outcome.err());
  }

  @Test
  void aRightClassPasses() {
    Cli.Outcome outcome = check("linear", PlainLinear.class);
    assertEquals(Main.OK, outcome.code(), outcome.out() + outcome.err());
    assertTrue(outcome.out().contains("linear_relu is right: 20 cases"), outcome.out());
  }

  @Test
  void aClassThatSharesMemoryBetweenThreadsIsFound() {
    Cli.Outcome outcome = check("softmax", SharedScratchSoftmax.class);
    assertEquals(Main.INTERNAL_ERROR, outcome.code(), outcome.out());
    assertTrue(
        outcome.out().contains("several threads at once")
            || outcome.out().contains("ArrayIndexOutOfBounds"),
        outcome.out());
  }

  @Test
  void aClassThatFailsIsWrong() {
    Cli.Outcome outcome = check("unary", FailingUnary.class);
    assertEquals(Main.INTERNAL_ERROR, outcome.code(), outcome.out());
    assertTrue(outcome.out().contains("unary EXP is right"), outcome.out());
    assertTrue(outcome.out().contains("NEG is not there yet"), outcome.out());
  }

  @Test
  void aClassIsTimedBesideOurs() {
    Cli.Outcome outcome =
        Cli.run("kernel", "bench", LINEAR, "--op=linear", "--backend=simd", "--threads=1");
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(
        outcome.out().matches("(?s).*\\Rlinear_silu +256 x 256 x 256( +[0-9.]+){7}\\R.*"),
        outcome.out());
    assertTrue(outcome.out().contains("medians of calls in turn"), outcome.out());
  }

  // ---- Training ------------------------------------------------------------------------------

  private static Cli.Outcome train(Path run, String... more) {
    return Cli.run(TinyRun.arguments(run, more));
  }

  /** The oracle computes the same numbers in the same order, in double: the bits are its own. */
  @Test
  void aTrainingComputesWithTheClassAndIsResumedWithIt() throws IOException {
    Path own = folder.resolve("own");
    Path ours = folder.resolve("ours");
    Cli.Outcome outcome = train(own, "--kernel=linear=" + LINEAR);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("\nkernel of linear: " + LINEAR), outcome.err());
    assertEquals(Main.OK, train(ours).code());
    assertEquals(losses(ours), losses(own));
    Map<String, String> kernels = RunInfo.read(own.resolve("config.json")).engine().kernels();
    assertEquals("[linear]", kernels.keySet().toString());
    assertTrue(kernels.get("linear").matches(LINEAR + ", SHA-256 [0-9a-f]{64}"), kernels + "");

    Cli.Outcome without = Cli.run("train", "--backend=scalar", "--resume=" + own);
    assertEquals(Main.USAGE_ERROR, without.code());
    assertTrue(without.err().contains("computes linear by your kernel " + LINEAR), without.err());
    assertTrue(without.err().contains("name that kernel with --kernel"), without.err());
    Cli.Outcome with =
        Cli.run("train", "--backend=scalar", "--resume=" + own, "--kernel=linear=" + LINEAR);
    assertEquals(Main.OK, with.code(), with.err());
    Cli.Outcome other =
        Cli.run("train", "--backend=scalar", "--resume=" + ours, "--kernel=linear=" + LINEAR);
    assertEquals(Main.USAGE_ERROR, other.code());
    assertTrue(other.err().contains("leave out --kernel linear"), other.err());
  }

  private static String losses(Path run) throws IOException {
    StringBuilder losses = new StringBuilder();
    for (String line : Files.readAllLines(run.resolve("metrics.jsonl"))) {
      if (line.toLowerCase().contains("loss")) {
        losses.append(
            line.replaceAll("\"[A-Za-z]*(Second|econds|Flop|time)[A-Za-z]*\":[^,}]*,?", ""));
      }
    }
    assertTrue(losses.length() > 0, run.toString());
    return losses.toString();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--kernel=linear_silu=my.cu | --kernel: my.cu is a kernel for a GPU, expected --backend"
            + " cuda, found the backend scalar.",
        "--kernel=my.cu | expected OP=FILE or OP=class:NAME, as in --kernel linear_silu=my.cu,"
            + " found 'my.cu'.",
        "--kernel=linar=class:X | --kernel of a class: expected one of linear,",
        "--kernel=linear=class:X --kernel=linear=class:Y | class:X: found no such class",
        "--kernel-classpath=. | --kernel-classpath: expected together with --kernel, found alone.",
      })
  void aTrainingWithAKernelThatCannotBeUsedDoesNotBegin(String arguments, String told) {
    Path run = folder.resolve("run");
    Cli.Outcome outcome = train(run, arguments.split(" "));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains(told), outcome.err());
    assertTrue(Files.notExists(run));
  }

  @Test
  void oneKernelForEachOperation() {
    String kernel = "--kernel=linear=" + LINEAR;
    Cli.Outcome outcome = train(folder.resolve("run"), kernel, kernel);
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains("expected one kernel for linear, found two"), outcome.err());
  }

  @Test
  void aClassThatFailsEndsATrainingInOneSentence() {
    Cli.Outcome outcome =
        train(folder.resolve("run"), "--kernel=unary=class:" + FailingUnary.class.getName());
    assertEquals(Main.USAGE_ERROR, outcome.code(), outcome.err());
    assertTrue(outcome.err().contains("its method unary failed"), outcome.err());
  }

  /** A sweep's runs that go on are given them, too. */
  @Test
  void kernelsOfASweepAreForAllItsRuns() {
    var options =
        SharedTrainOptions.parse(
            java.util.List.of(
                "--kernel", "linear=class:X", "--preset=quick", "--kernel-classpath=a.jar"));
    assertEquals(
        java.util.List.of("--kernel", "linear=class:X", "--kernel-classpath=a.jar"),
        options.kernelArguments());
    assertEquals(java.util.List.of("--preset=quick"), options.arguments());
  }
}
