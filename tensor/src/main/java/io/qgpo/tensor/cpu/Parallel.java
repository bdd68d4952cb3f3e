package io.qgpo.tensor.cpu;

import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;

/**
 * A fixed pool of threads that runs a counted set of chunks.
 *
 * <p>The chunks are cut into as many parts of neighbours as there are threads. Each thread takes
 * the chunks of its own part, then helps with those left in others': so, by and large, it finds in
 * its caches what it left there in the run before, and still none waits for another one. Which
 * thread runs a chunk is a matter of chance. Results are the same for every thread count if the
 * caller derives the number of chunks from the shapes alone and lets no two chunks write the same
 * element.
 *
 * <p>The calling thread takes part. Workers are daemons; between runs they spin briefly, because a
 * training step hands over work every few dozen microseconds and waking a parked thread costs about
 * as much, and then park. A pool that is already busy (a nested call from inside a chunk, or
 * another thread's) runs the chunks on the calling thread, and so does a closed pool. A run
 * allocates nothing.
 */
public final class Parallel implements AutoCloseable {
  /** More threads than this is surely a mistake: a chunk is tens of microseconds of work. */
  public static final int MAX_THREADS = 1024;

  /** What one run does for each of its chunks. */
  @FunctionalInterface
  public interface ChunkTask {
    /**
     * Does one chunk's share.
     *
     * @param chunk from 0 to the number of chunks less 1
     */
    void run(int chunk);
  }

  private interface Condition {
    boolean holds();
  }

  /** How long an idle worker, or a caller waiting for the last chunk, spins before it parks. */
  private static final long SPIN_NANOS = 50_000;

  /** Polls between two looks at the clock (about a microsecond of pauses). */
  private static final int POLLS_PER_CLOCK = 32;

  // The contended counters stand 128 bytes apart, and as far from the array's header and end: no
  // other data shares a cache line, or the neighbour that the prefetcher drags along, with them.
  private static final int APART = 16;
  private static final int RUN = APART;
  private static final int DONE = 2 * APART;
  private static final int PARTS = 3 * APART;

  /**
   * The number of the latest run; how many of its chunks are done; and for each part of it the
   * run's number in the upper half and the part's chunks not yet taken in the lower.
   */
  private final AtomicLongArray counters;

  private final Worker[] workers;
  private final long spinNanos;
  private final AtomicReference<Thread> owner = new AtomicReference<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean closed;
  private volatile Thread waiting;

  // Of the current run. Published by the write of the parts' counters.
  private ChunkTask task;
  private int chunks;
  private int parts;

  /** Of the owner's run; a field so that no run makes the object anew. */
  private final Condition allDone = this::areAllDone;

  /**
   * Starts a pool.
   *
   * @param threads how many threads run chunks, the caller included: 1 to {@value #MAX_THREADS}
   * @throws IllegalArgumentException if it is outside that range
   */
  public Parallel(int threads) {
    if (threads < 1 || threads > MAX_THREADS) {
      throw new IllegalArgumentException(
          "thread pool: expected 1 to " + MAX_THREADS + " threads, found " + threads);
    }
    // A spinning thread that has no core of its own keeps a working one off its core.
    spinNanos = threads <= Runtime.getRuntime().availableProcessors() ? SPIN_NANOS : 0;
    counters = new AtomicLongArray(PARTS + threads * APART);
    workers = new Worker[threads - 1];
    for (int i = 0; i < workers.length; i++) {
      workers[i] = new Worker(i + 1);
      workers[i].start();
    }
  }

  /** How many threads run chunks, the caller included. */
  public int threads() {
    return workers.length + 1;
  }

  /**
   * Calls {@code task} once for each chunk from 0 to {@code chunks - 1}, in no particular order,
   * and returns when all calls have ended; what they wrote is then visible to the caller.
   *
   * <p>If a chunk throws, chunks not yet begun are skipped and the first exception thrown is thrown
   * here, the same object.
   *
   * @throws IllegalArgumentException if {@code chunks} is negative
   */
  public void run(int chunks, ChunkTask task) {
    if (chunks < 0) {
      throw new IllegalArgumentException(
          "parallel run: expected a number of chunks >= 0, found " + chunks);
    }
    if (chunks <= 1
        || workers.length == 0
        || closed
        || !owner.compareAndSet(null, Thread.currentThread())) {
      for (int chunk = 0; chunk < chunks; chunk++) {
        task.run(chunk);
      }
      return;
    }
    try {
      runOverWorkers(chunks, task);
    } finally {
      owner.set(null);
    }
  }

  private void runOverWorkers(int chunks, ChunkTask task) {
    this.task = task;
    this.chunks = chunks;
    parts = Math.min(workers.length + 1, chunks);
    counters.lazySet(DONE, 0);
    // A thread takes only chunks of the run that it was told of. Between runs no part has any left,
    // so one that comes late finds nothing to take, whatever the fields above say by then.
    long run = counters.get(RUN) + 1;
    for (int part = 0; part < parts; part++) {
      long count = firstOf(part + 1, chunks, parts) - firstOf(part, chunks, parts);
      counters.lazySet(PARTS + part * APART, run << 32 | count);
    }
    counters.set(RUN, run);
    for (int i = 0; i < parts - 1; i++) {
      workers[i].wake();
    }
    takeChunks(run, 0);
    awaitLastChunk();
    this.task = null;
    Throwable thrown = failure.getAndSet(null);
    if (thrown != null) {
      throw Parallel.<RuntimeException>unchecked(thrown);
    }
  }

  private static int firstOf(int part, int chunks, int parts) {
    return (int) ((long) part * chunks / parts);
  }

  /** Runs chunks of a run, first those of one part, until none is left to take. */
  private void takeChunks(long run, int first) {
    int ran = 0;
    int of = parts;
    for (int i = 0; i < of; i++) {
      int part = (first + i) % of;
      for (int left = take(run, part); left > 0; left = take(run, part)) {
        runUnlessFailed(firstOf(part + 1, chunks, of) - left);
        ran++;
      }
    }
    if (ran > 0) {
      int all = chunks;
      if (counters.addAndGet(DONE, ran) == all) {
        LockSupport.unpark(waiting);
      }
    }
  }

  /**
   * Takes the first chunk that a part has left. The run, and with it the fields, stay until the
   * chunk is added to DONE.
   *
   * @return how many were left, this one included; 0 if none was, or the part is of another run
   */
  private int take(long run, int part) {
    int at = PARTS + part * APART;
    while (true) {
      long left = counters.get(at);
      if ((int) left == 0 || (int) (left >>> 32) != (int) run) {
        return 0;
      }
      if (counters.compareAndSet(at, left, left - 1)) {
        return (int) left;
      }
    }
  }

  private void runUnlessFailed(int chunk) {
    if (failure.get() == null) {
      try {
        task.run(chunk);
      } catch (Throwable t) {
        failure.compareAndSet(null, t);
      }
    }
  }

  private boolean areAllDone() {
    return counters.get(DONE) == chunks;
  }

  private void awaitLastChunk() {
    if (spinUntil(allDone)) {
      return;
    }
    waiting = Thread.currentThread();
    while (!allDone.holds()) {
      LockSupport.park(this);
    }
    waiting = null;
  }

  /** Spins for up to {@link #SPIN_NANOS}; whether the condition came true. */
  private boolean spinUntil(Condition condition) {
    if (condition.holds()) {
      return true;
    }
    if (spinNanos == 0) {
      return false;
    }
    long start = System.nanoTime();
    do {
      for (int i = 0; i < POLLS_PER_CLOCK; i++) {
        Thread.onSpinWait();
        if (condition.holds()) {
          return true;
        }
      }
    } while (System.nanoTime() - start < spinNanos);
    return false;
  }

  /** Throws anything: a chunk's exception keeps its type, as it would without a pool. */
  @SuppressWarnings("unchecked")
  private static <T extends Throwable> T unchecked(Throwable thrown) throws T {
    throw (T) thrown;
  }

  /**
   * Lets the workers end. A run under way is completed; later runs go on the calling thread alone.
   */
  @Override
  public void close() {
    closed = true;
    for (Worker worker : workers) {
      worker.wake();
    }
  }

  private final class Worker extends Thread {
    private final int index;
    private volatile boolean parked;
    private long seen;

    Worker(int index) {
      super("qgpo-worker-" + index);
      this.index = index;
      setDaemon(true);
    }

    void wake() {
      if (parked) {
        LockSupport.unpark(this);
      }
    }

    private boolean hasWork() {
      return counters.get(RUN) != seen || closed;
    }

    @Override
    public void run() {
      Condition hasWork = this::hasWork;
      while (!closed) {
        seen = counters.get(RUN);
        takeChunks(seen, index);
        if (!spinUntil(hasWork)) {
          parked = true;
          while (!hasWork()) {
            LockSupport.park(Parallel.this);
            Thread.interrupted(); // An interrupted thread does not park: it would spin for ever.
          }
          parked = false;
        }
      }
    }
  }
}
