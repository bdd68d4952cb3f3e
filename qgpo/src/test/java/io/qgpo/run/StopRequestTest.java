package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

class StopRequestTest {
  private final List<String> said = Collections.synchronizedList(new ArrayList<>());
  private final StopRequest request = new StopRequest("farewell", said::add);

  /** A line that is being printed comes before the farewell, one after it does not come. */
  @Test
  @Timeout(20)
  void theFarewellIsTheLastLine() throws InterruptedException {
    CountDownLatch inLine = new CountDownLatch(1);
    CountDownLatch stopWaits = new CountDownLatch(1);
    Thread printer =
        new Thread(
            () ->
                request.unlessAsked(
                    () -> {
                      inLine.countDown();
                      await(stopWaits);
                      said.add("line");
                    }));
    printer.start();
    inLine.await();
    Thread stop = new Thread(request::askAndWait);
    stop.start();
    while (stop.getState() != Thread.State.BLOCKED) {
      Thread.onSpinWait();
    }
    stopWaits.countDown();
    printer.join();
    stop.join();
    request.unlessAsked(() -> said.add("late line"));
    assertEquals(List.of("line", "farewell"), said);
    assertTrue(request.isAsked());
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
