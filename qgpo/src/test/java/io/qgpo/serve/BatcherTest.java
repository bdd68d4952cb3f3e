package io.qgpo.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.TrainedRuns;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Backends;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
class BatcherTest {
  @TempDir static Path folder;

  @BeforeAll
  static void train() {
    TrainedRuns.train(folder.resolve("run"));
  }

  private static Batcher batcher(int capacity) {
    TrainedPolicy policy =
        TrainedPolicy.load(
            folder.resolve("run"), Backends.choose("auto", 1).backend(), System.err::println);
    return new Batcher(policy, capacity, 0, new ServerMetrics());
  }

  private static ActRequest request(int count) {
    return new ActRequest(new float[4 * count], count, false, 1, OptionalLong.empty());
  }

  @Test
  void whenTooManyWaitTheNextAreTurnedAway() throws Exception {
    ActRequest request = request(1000);
    List<CompletableFuture<float[]>> accepted = new ArrayList<>();
    try (Batcher batcher = batcher(2000)) {
      var refused =
          assertThrows(
              RequestException.class,
              () -> {
                for (int i = 0; i < 1000; i++) {
                  accepted.add(batcher.submit(request));
                }
              });
      assertEquals(503, refused.status());
      assertEquals(
          "2000 states are waiting, of at most 2000; ask again later", refused.getMessage());
    }
    for (var actions : accepted) { // closing computed what had been accepted
      assertEquals(2000, actions.get(0, TimeUnit.SECONDS).length);
    }
  }

  @Test
  void closedItTakesNoMore() {
    Batcher batcher = batcher(10);
    batcher.close();
    ActRequest request = request(1);
    assertEquals(503, assertThrows(RequestException.class, () -> batcher.submit(request)).status());
  }

  /** A fault in one batch, here states of a wrong size, is that batch's alone. */
  @Test
  void aFaultEndsItsBatchOnly() throws Exception {
    try (Batcher batcher = batcher(10)) {
      var wrong = new ActRequest(new float[40], 1, true, 1, OptionalLong.of(1));
      CompletableFuture<float[]> failed = batcher.submit(wrong);
      CompletableFuture<float[]> done = batcher.submit(request(1));
      assertEquals(2, done.get().length);
      assertTrue(failed.isCompletedExceptionally());
    }
  }
}
