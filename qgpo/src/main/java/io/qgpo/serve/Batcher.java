package io.qgpo.serve;

import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Rng;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.concurrent.CompletableFuture;

/**
 * Computes what has come while it computed what came before, all at once. Clients that ask again as
 * soon as they are answered would then come in two halves that take turns; so it gives those just
 * answered a moment to come back, and no lone client ever waits. Requests with a seed are computed
 * alone, because a state's bits may depend on how many are beside it.
 */
final class Batcher implements AutoCloseable {
  /** States computed at once: above, a batch takes longer and gives no more a second. */
  static final int MOST_AT_ONCE = 64;

  private static final int WARM_UP_ROUNDS = 100;
  private static final long WARM_UP_NANOS = 5_000_000_000L;

  /**
   * For those just answered: a round trip on the machine itself takes less, a batch ten times it.
   */
  private static final long MOMENT_NANOS = 1_000_000;

  private record Job(ActRequest request, CompletableFuture<float[]> actions) {}

  private final TrainedPolicy policy;
  private final int capacity;
  private final ServerMetrics metrics;
  private final Rng noise;
  private final Thread worker = new Thread(this::work, "policy");
  private final Deque<Job> waiting = new ArrayDeque<>();
  private int waitingStates;
  private boolean closed;

  /** States whose clients were here when the last batch was done: in it, or waiting. */
  private int expectedStates;

  /**
   * Ready to compute: it takes some seconds to get there.
   *
   * @param capacity states that may wait
   */
  Batcher(TrainedPolicy policy, int capacity, long seed, ServerMetrics metrics) {
    this.policy = policy;
    this.capacity = capacity;
    this.metrics = metrics;
    noise = policy.rng(seed);
    warmUp();
    worker.setDaemon(true);
    worker.start();
  }

  /**
   * Actions for a request's states, when it is its turn.
   *
   * @throws RequestException with status 503 if too many wait already
   */
  synchronized CompletableFuture<float[]> submit(ActRequest request) {
    if (closed) {
      throw new RequestException(503, "the server is going down; ask another");
    }
    if (waitingStates > 0 && waitingStates + request.count() > capacity) {
      throw new RequestException(
          503,
          "%d states are waiting, of at most %d; ask again later"
              .formatted(waitingStates, capacity));
    }
    Job job = new Job(request, new CompletableFuture<>());
    waiting.add(job);
    waitingStates += request.count();
    metrics.waiting(waitingStates);
    notifyAll();
    return job.actions;
  }

  private void work() {
    for (List<Job> batch = next(); !batch.isEmpty(); batch = next()) {
      try {
        compute(batch);
      } catch (Throwable e) { // of one batch: the server goes on
        batch.forEach(job -> job.actions.completeExceptionally(e));
      }
    }
  }

  /** The oldest request, and those of the same guidance that fit beside it. */
  private synchronized List<Job> next() {
    try {
      while (waiting.isEmpty() && !closed) {
        wait();
      }
      gather();
    } catch (InterruptedException e) {
      return List.of();
    }
    List<Job> batch = new ArrayList<>();
    if (waiting.isEmpty()) {
      return batch;
    }
    Job first = waiting.poll();
    batch.add(first);
    int states = first.request.count();
    if (first.request.seed().isEmpty()) {
      Iterator<Job> others = waiting.iterator();
      while (others.hasNext() && states < MOST_AT_ONCE) {
        Job other = others.next();
        if (other.request.seed().isEmpty()
            && other.request.guidanceScale() == first.request.guidanceScale()
            && states + other.request.count() <= MOST_AT_ONCE) {
          batch.add(other);
          states += other.request.count();
          others.remove();
        }
      }
    }
    waitingStates -= states;
    metrics.waiting(waitingStates);
    return batch;
  }

  private void gather() throws InterruptedException {
    int enough = Math.min(expectedStates, MOST_AT_ONCE);
    long left = MOMENT_NANOS;
    long end = System.nanoTime() + left;
    while (waitingStates < enough && left > 0 && !closed) {
      wait(left / 1_000_000, (int) (left % 1_000_000));
      left = end - System.nanoTime();
    }
  }

  private synchronized void expect(int states) {
    expectedStates = states + waitingStates;
  }

  private void compute(List<Job> batch) {
    int stateSize = policy.info().stateDim();
    int actionSize = policy.info().actionDim();
    ActRequest first = batch.getFirst().request;
    int count = batch.stream().mapToInt(job -> job.request.count()).sum();
    float[] states = new float[count * stateSize];
    int at = 0;
    for (Job job : batch) {
      System.arraycopy(job.request.states(), 0, states, at, job.request.states().length);
      at += job.request.states().length;
    }
    Rng rng = first.seed().isPresent() ? policy.rng(first.seed().getAsLong()) : noise;
    float[] actions = policy.actUnchecked(states, count, 1, first.guidanceScale(), rng);
    metrics.batch(count);
    expect(count);
    at = 0;
    for (Job job : batch) {
      float[] part = new float[job.request.count() * actionSize];
      System.arraycopy(actions, at, part, 0, part.length);
      at += part.length;
      answer(job, part);
    }
  }

  /** What is not finite is no action; it is the fault of this request's states alone. */
  private void answer(Job job, float[] actions) {
    for (int i = 0; i < actions.length; i++) {
      if (!Float.isFinite(actions[i])) {
        job.actions.completeExceptionally(
            new RequestException(
                422,
                "state %d: the policy has no finite action there; its data have no such states"
                    .formatted(i / policy.info().actionDim())));
        return;
      }
    }
    job.actions.complete(actions);
  }

  /**
   * Computes until the compiler has seen every size of batch, or the time is over: the first
   * requests of a cold program would wait for seconds.
   */
  private void warmUp() {
    long end = System.nanoTime() + WARM_UP_NANOS;
    Rng rng = policy.rng(0);
    for (int round = 0; round < WARM_UP_ROUNDS && System.nanoTime() < end; round++) {
      for (int count = 1; count <= MOST_AT_ONCE; count *= 2) {
        policy.actUnchecked(new float[count * policy.info().stateDim()], count, 1, 1, rng);
      }
    }
  }

  /** Takes no more requests; those that wait are computed. */
  @Override
  public void close() {
    synchronized (this) {
      closed = true;
      notifyAll();
    }
    try {
      worker.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
