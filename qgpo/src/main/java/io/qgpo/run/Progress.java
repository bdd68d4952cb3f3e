package io.qgpo.run;

import java.io.Console;
import java.io.PrintStream;
import java.util.Locale;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;

/**
 * Tells how far a stage is: one line that is rewritten in place on a terminal, and plain lines at
 * growing intervals elsewhere. Updating costs a look at the clock; only a printed line allocates.
 *
 * <p>One thread uses it.
 */
public final class Progress implements AutoCloseable {
  /** Often enough to look alive, seldom enough to cost nothing. */
  private static final long TERMINAL_INTERVAL = TimeUnit.MILLISECONDS.toNanos(250);

  /** Plain lines come after 2 s, then ever later up to one a minute: a log of hours stays short. */
  private static final long FIRST_INTERVAL = TimeUnit.SECONDS.toNanos(2);

  private static final long LONGEST_INTERVAL = TimeUnit.SECONDS.toNanos(60);

  /** The rate forgets with this time constant, so that it follows a change and does not flicker. */
  private static final double RATE_SECONDS = 10;

  /** Narrower than the usual 80 columns: a wrapped line could not be rewritten. */
  private static final int TERMINAL_COLUMNS = 79;

  private static final String CLEAR_TO_END_OF_LINE = "\033[K";

  private final String stage;
  private final long totalSteps;
  private final long startStep;
  private final PrintStream out;
  private final boolean terminal;
  private final LongSupplier nanoClock;
  private final long startTime;

  private long interval;
  private long nextTime;
  private long step;
  private boolean hasLoss;
  private double loss;
  private long ratedStep;
  private long ratedTime;
  private boolean rated;
  private double stepsPerSecond;
  private boolean closed;

  Progress(
      String stage,
      long totalSteps,
      long startStep,
      PrintStream out,
      boolean terminal,
      LongSupplier nanoClock) {
    if (startStep < 0 || startStep > totalSteps) {
      throw new IllegalArgumentException(
          "Progress '%s': expected a start step from 0 to the total of %d, found %d."
              .formatted(stage, totalSteps, startStep));
    }
    this.stage = stage;
    this.totalSteps = totalSteps;
    this.startStep = startStep;
    this.out = out;
    this.terminal = terminal;
    this.nanoClock = nanoClock;
    this.step = startStep;
    this.ratedStep = startStep;
    this.startTime = nanoClock.getAsLong();
    this.ratedTime = startTime;
    this.interval = terminal ? TERMINAL_INTERVAL : FIRST_INTERVAL;
    this.nextTime = startTime + interval;
  }

  /**
   * Starts a stage on standard output.
   *
   * @param totalSteps steps of the whole stage
   * @param startStep steps already taken when it resumes, 0 otherwise
   */
  public static Progress start(String stage, long totalSteps, long startStep) {
    Console console = System.console();
    boolean terminal = console != null && console.isTerminal();
    return new Progress(stage, totalSteps, startStep, System.out, terminal, System::nanoTime);
  }

  /**
   * Call it after every step.
   *
   * @param step steps taken in this stage so far
   * @param loss the loss of this step
   */
  public void update(long step, double loss) {
    this.loss = loss;
    hasLoss = true;
    update(step);
  }

  /** Call it after every step of a stage that has no loss. */
  public void update(long step) {
    this.step = step;
    long now = nanoClock.getAsLong();
    if (now - nextTime < 0) {
      return;
    }
    rate(now);
    if (terminal) {
      String line = line();
      out.print("\r" + line.substring(0, Math.min(line.length(), TERMINAL_COLUMNS)));
      out.print(CLEAR_TO_END_OF_LINE);
    } else {
      out.println(line());
      interval = Math.min(LONGEST_INTERVAL, interval * 3 / 2);
    }
    out.flush();
    nextTime = now + interval;
  }

  /** Ends the stage with a line of what was done: steps, time, mean rate, last loss. */
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    double seconds = (nanoClock.getAsLong() - startTime) / 1e9;
    String line =
        stage
            + (step == totalSteps ? ": done, " : ": stopped at step " + step + ", ")
            + (step - startStep)
            + " steps in "
            + duration(seconds)
            + (seconds > 0 ? ", " + number((step - startStep) / seconds) + " steps/s" : "")
            + lossText();
    out.println(terminal ? "\r" + line + CLEAR_TO_END_OF_LINE : line);
    out.flush();
  }

  private void rate(long now) {
    double seconds = (now - ratedTime) / 1e9;
    if (seconds > 0) {
      double recent = (step - ratedStep) / seconds;
      double weight = rated ? -Math.expm1(-seconds / RATE_SECONDS) : 1;
      stepsPerSecond += weight * (recent - stepsPerSecond);
      rated = true;
      ratedTime = now;
      ratedStep = step;
    }
  }

  private String line() {
    double fraction = totalSteps == 0 ? 1 : (double) step / totalSteps;
    return stage
        + String.format(Locale.ROOT, " %3d %%  %d/%d", (int) (100 * fraction), step, totalSteps)
        + "  "
        + number(stepsPerSecond)
        + " steps/s  ETA "
        + (stepsPerSecond > 0 ? duration((totalSteps - step) / stepsPerSecond) : "?")
        + lossText();
  }

  private String lossText() {
    return hasLoss ? "  loss " + number(loss) : "";
  }

  /** Four significant digits, with an exponent only where it is shorter. */
  static String number(double value) {
    double magnitude = Math.abs(value);
    String format = "%.4f"; // below 1, and 0 and NaN
    if (magnitude >= 1e6 || (magnitude < 1e-3 && magnitude > 0)) {
      format = "%.3e";
    } else if (magnitude >= 1000) {
      format = "%.0f";
    } else if (magnitude >= 100) {
      format = "%.1f";
    } else if (magnitude >= 10) {
      format = "%.2f";
    } else if (magnitude >= 1) {
      format = "%.3f";
    }
    return String.format(Locale.ROOT, format, value);
  }

  /** Hours, minutes and seconds, as in 1:05:50 or 0:07. */
  static String duration(double seconds) {
    long whole = Math.round(seconds);
    return whole >= 3600
        ? String.format(Locale.ROOT, "%d:%02d:%02d", whole / 3600, whole / 60 % 60, whole % 60)
        : String.format(Locale.ROOT, "%d:%02d", whole / 60, whole % 60);
  }
}
