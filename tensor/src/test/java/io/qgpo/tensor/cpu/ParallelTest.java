package io.qgpo.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.parallel.Isolated;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Not beside others, whose allocations it would count. */
@Isolated
@Timeout(60)
class ParallelTest {
  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 40})
  void runsEveryChunkExactlyOnce(int threads) {
    try (Parallel pool = new Parallel(threads)) {
      assertEquals(threads, pool.threads());
      for (int chunks : new int[] {0, 1, 2, 3, 16, 1000}) {
        AtomicIntegerArray calls = new AtomicIntegerArray(chunks);
        pool.run(chunks, calls::incrementAndGet);
        for (int i = 0; i < chunks; i++) {
          assertEquals(1, calls.get(i), "chunk " + i + " of " + chunks);
        }
      }
    }
  }

  @Test
  void writesOfAllChunksAreVisibleOnReturnRunAfterRun() {
    try (Parallel pool = new Parallel(4)) {
      long[] sums = new long[64];
      for (int round = 0; round < 20_000; round++) {
        int add = round;
        int chunks = 1 + round % sums.length;
        pool.run(chunks, chunk -> sums[chunk] += add);
      }
      long[] expected = new long[sums.length];
      for (int round = 0; round < 20_000; round++) {
        for (int chunk = 0; chunk < 1 + round % sums.length; chunk++) {
          expected[chunk] += round;
        }
      }
      for (int i = 0; i < sums.length; i++) {
        assertEquals(expected[i], sums[i]);
      }
    }
  }

  @Test
  void eachThreadBeginsWithItsOwnPartAndThenHelpsWithTheOthers() {
    try (Parallel pool = new Parallel(2)) {
      Thread caller = Thread.currentThread();
      List<Integer> ofCaller = new CopyOnWriteArrayList<>();
      List<Integer> ofWorker = new CopyOnWriteArrayList<>();
      CountDownLatch workerIsThere = new CountDownLatch(1);
      CountDownLatch allElseIsDone = new CountDownLatch(7);
      pool.run(
          8,
          chunk -> {
            if (Thread.currentThread() == caller) {
              ofCaller.add(chunk);
              await(workerIsThere);
              allElseIsDone.countDown();
            } else {
              ofWorker.add(chunk);
              workerIsThere.countDown();
              await(allElseIsDone);
            }
          });
      assertEquals(List.of(0, 1, 2, 3, 5, 6, 7), ofCaller);
      assertEquals(List.of(4), ofWorker);
    }
  }

  @Test
  void wakesWorkersThatHaveParked() throws InterruptedException {
    try (Parallel pool = new Parallel(3)) {
      for (int round = 0; round < 5; round++) {
        Thread.sleep(5);
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        CountDownLatch together = new CountDownLatch(3);
        pool.run(
            3,
            chunk -> {
              threads.add(Thread.currentThread());
              together.countDown();
              await(together);
            });
        assertEquals(3, threads.size());
      }
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      assertTrue(latch.await(30, TimeUnit.SECONDS), "the chunks did not run at the same time");
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 7})
  void throwsTheChunksOwnExceptionAndStaysUsable(int threads) {
    try (Parallel pool = new Parallel(threads)) {
      IllegalStateException thrown = new IllegalStateException("chunk 5");
      for (int round = 0; round < 50; round++) {
        IllegalStateException caught =
            assertThrows(
                IllegalStateException.class,
                () ->
                    pool.run(
                        20,
                        chunk -> {
                          if (chunk == 5) {
                            throw thrown;
                          }
                        }));
        assertSame(thrown, caught);
        AtomicInteger calls = new AtomicInteger();
        pool.run(20, chunk -> calls.incrementAndGet());
        assertEquals(20, calls.get());
      }
    }
  }

  @Test
  void skipsWhatHasNotBegunAfterAnError() {
    try (Parallel pool = new Parallel(2)) {
      AtomicInteger calls = new AtomicInteger();
      assertThrows(
          AssertionError.class,
          () ->
              pool.run(
                  1_000_000,
                  chunk -> {
                    calls.incrementAndGet();
                    throw new AssertionError();
                  }));
      assertTrue(calls.get() <= 2, calls.get() + " chunks ran");
    }
  }

  @Test
  void nestedRunsGoInlineOnTheSameThread() {
    try (Parallel pool = new Parallel(3)) {
      AtomicInteger calls = new AtomicInteger();
      pool.run(
          6,
          outer -> {
            Thread thread = Thread.currentThread();
            pool.run(
                4,
                inner -> {
                  assertSame(thread, Thread.currentThread());
                  calls.incrementAndGet();
                });
          });
      assertEquals(24, calls.get());
    }
  }

  @Test
  void servesSeveralCallersAtOnce() throws InterruptedException {
    try (Parallel pool = new Parallel(3)) {
      AtomicInteger calls = new AtomicInteger();
      Thread[] callers = new Thread[4];
      for (int i = 0; i < callers.length; i++) {
        callers[i] =
            new Thread(
                () -> {
                  for (int round = 0; round < 500; round++) {
                    pool.run(10, chunk -> calls.incrementAndGet());
                  }
                });
        callers[i].start();
      }
      for (Thread caller : callers) {
        caller.join();
      }
      assertEquals(4 * 500 * 10, calls.get());
    }
  }

  @Test
  void interruptedCallersFinishTheirRunAndStayInterrupted() {
    try (Parallel pool = new Parallel(2)) {
      AtomicInteger calls = new AtomicInteger();
      Thread.currentThread().interrupt();
      pool.run(100, chunk -> calls.incrementAndGet());
      assertTrue(Thread.interrupted());
      assertEquals(100, calls.get());
    }
  }

  @Test
  void closedPoolsRunOnTheCallerAndTheirWorkersEnd() throws InterruptedException {
    Parallel pool = new Parallel(3);
    Set<Thread> workers = ConcurrentHashMap.newKeySet();
    CountDownLatch together = new CountDownLatch(3);
    pool.run(
        3,
        chunk -> {
          workers.add(Thread.currentThread());
          together.countDown();
          await(together);
        });
    workers.remove(Thread.currentThread());
    pool.close();
    for (Thread worker : workers) {
      assertTrue(worker.isDaemon());
      worker.join(30_000);
      assertTrue(!worker.isAlive());
    }
    Thread caller = Thread.currentThread();
    pool.run(5, chunk -> assertSame(caller, Thread.currentThread()));
  }

  @Test
  void runsAllocateNothing() {
    try (Parallel pool = new Parallel(2)) {
      long[] sink = new long[1024];
      Parallel.ChunkTask task = chunk -> sink[chunk * 16]++;
      var threads = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
      long perRun = Long.MAX_VALUE;
      for (int round = 0; round < 100 && perRun >= 16; round++) {
        long before = threads.getTotalThreadAllocatedBytes();
        for (int i = 0; i < 1_000; i++) {
          pool.run(64, task);
        }
        perRun = (threads.getTotalThreadAllocatedBytes() - before) / 1_000;
      }
      assertTrue(perRun < 16, perRun + " bytes a run");
    }
  }

  @Test
  void refusesBadCounts() {
    assertEquals(
        "thread pool: expected 1 to 1024 threads, found 0",
        assertThrows(IllegalArgumentException.class, () -> new Parallel(0)).getMessage());
    assertThrows(IllegalArgumentException.class, () -> new Parallel(1025));
    try (Parallel pool = new Parallel(2)) {
      assertEquals(
          "parallel run: expected a number of chunks >= 0, found -1",
          assertThrows(IllegalArgumentException.class, () -> pool.run(-1, chunk -> {}))
              .getMessage());
    }
  }
}
