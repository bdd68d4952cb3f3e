package io.qgpo.cli;

import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;

/**
 * Trains the runs of a sweep, several at once, each in a process of its own. On Ctrl-C and SIGTERM
 * they are asked to save, and this process ends no sooner than this is closed.
 */
final class SweepWorkers implements AutoCloseable {
  /** 128 + SIGHUP, SIGINT, SIGTERM: a signal may reach a run before it reaches this process. */
  private static final Set<Integer> CODES_OF_SIGNALS = Set.of(129, 130, 143);

  /** How a run has ended. */
  enum State {
    TRAINED,
    STOPPED,
    FAILED
  }

  /**
   * What became of a run.
   *
   * @param reason why it failed; empty otherwise
   */
  record Outcome(SweepPlan.Run run, State state, String reason) {
    private Outcome(SweepPlan.Run run, State state) {
      this(run, state, "");
    }
  }

  private final int atOnce;
  private final long heapBytes;
  private final List<String> forAll;
  private final List<String> forNew;
  private final Consumer<String> messages;
  private final Set<Process> processes = ConcurrentHashMap.newKeySet();
  private final CountDownLatch finished = new CountDownLatch(1);
  private final Thread hook = new Thread(this::stopAndWait, "end of sweep");
  private volatile boolean stopped;

  /**
   * Workers that listen for signals until they are closed.
   *
   * @param atOnce runs
   * @param heapBytes of each run's heap at most
   * @param forAll arguments of {@code train} for every run
   * @param forNew arguments for those that begin
   * @param messages takes sentences for the user
   */
  SweepWorkers(
      int atOnce,
      long heapBytes,
      List<String> forAll,
      List<String> forNew,
      Consumer<String> messages) {
    this.atOnce = atOnce;
    this.heapBytes = heapBytes;
    this.forAll = forAll;
    this.forNew = forNew;
    this.messages = messages;
    Runtime.getRuntime().addShutdownHook(hook);
  }

  private void stopAndWait() {
    stopped = true;
    processes.forEach(Process::destroy);
    try {
      finished.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** The process may end. */
  @Override
  public void close() {
    finished.countDown();
    try {
      Runtime.getRuntime().removeShutdownHook(hook);
    } catch (IllegalStateException e) {
      // The process is ending, which is what closing allows.
    }
  }

  /** Trains what is not trained yet. */
  List<Outcome> train(List<SweepPlan.Run> runs) throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    try (ExecutorService pool = Executors.newFixedThreadPool(atOnce)) {
      List<Future<Outcome>> futures =
          runs.stream().map(run -> pool.submit(() -> train(run))).toList();
      for (Future<Outcome> future : futures) {
        outcomes.add(future.get());
      }
    } catch (ExecutionException e) {
      throw e.getCause() instanceof RuntimeException fault
          ? fault
          : new IllegalStateException(e.getCause());
    }
    return outcomes;
  }

  /** What goes wrong with one run does not end the others. */
  private Outcome train(SweepPlan.Run run) throws InterruptedException {
    try {
      if (run.isDone()) {
        messages.accept(run.folder() + ": is trained already");
        return new Outcome(run, State.TRAINED);
      }
      return stopped ? new Outcome(run, State.STOPPED) : trainInProcess(run);
    } catch (IOException e) {
      return failed(run, "could not be started: " + e.getMessage());
    } catch (TensorFileException e) {
      return failed(run, e.getMessage());
    }
  }

  private Outcome trainInProcess(SweepPlan.Run run) throws IOException, InterruptedException {
    boolean begun = run.isBegun();
    List<String> arguments = new ArrayList<>(List.of("train"));
    arguments.addAll(forAll);
    if (begun) {
      arguments.add("--resume=" + run.folder());
    } else {
      arguments.add("--out=" + run.folder());
      arguments.addAll(forNew);
      arguments.addAll(run.arguments()); // later settings win
    }
    Process process = ChildProgram.start(arguments, heapBytes, run.log());
    processes.add(process);
    if (stopped) {
      process.destroy();
    }
    messages.accept(run.folder() + ": " + (begun ? "goes on" : "begins"));
    int code = process.waitFor();
    processes.remove(process);
    boolean signalled = stopped || CODES_OF_SIGNALS.contains(code);
    if (run.isDone() && (code == Main.OK || signalled)) {
      messages.accept(run.folder() + ": trained");
      return new Outcome(run, State.TRAINED);
    }
    return signalled
        ? new Outcome(run, State.STOPPED)
        : failed(run, "ended with code %d; see %s: %s".formatted(code, run.log(), lastLine(run)));
  }

  private Outcome failed(SweepPlan.Run run, String reason) {
    messages.accept(run.folder() + ": failed");
    return new Outcome(run, State.FAILED, reason);
  }

  private static String lastLine(SweepPlan.Run run) {
    byte[] log;
    try {
      log = Files.readAllBytes(run.log());
    } catch (IOException e) {
      return "it cannot be read";
    }
    return new String(log, StandardCharsets.UTF_8) // whatever is in it
        .lines()
        .filter(line -> !line.isBlank())
        .reduce("", (_, last) -> last)
        .strip();
  }
}
