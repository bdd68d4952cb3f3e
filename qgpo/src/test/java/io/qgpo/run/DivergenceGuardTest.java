package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.algorithm.Presets;
import io.qgpo.data.Dataset;
import io.qgpo.tensor.Backends;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

class DivergenceGuardTest {
  private final DataOrigin origin = new DataOrigin.PointMaze(2000, 0);
  private final Dataset dataset = origin.load(1000);
  private final RunInfo info =
      RunInfo.of(
          Presets.config("demo"),
          origin,
          Optional.empty(),
          dataset,
          Backends.choose("scalar", 1).backend());
  private final ReturnBounds returns =
      ReturnBounds.of(
          dataset.transitions(),
          info.reward().apply(dataset.transitions()),
          info.settings().critic().discount(),
          1000);

  private DivergenceGuard guard(boolean searching) {
    return new DivergenceGuard(info, dataset, "qgpo", OptionalLong::empty, searching);
  }

  private static String message(DoubleUnaryOperator judge, double value) {
    return assertThrows(DivergedException.class, () -> judge.applyAsDouble(value)).getMessage();
  }

  @Test
  void valuesMayLeaveTheReturnsByTheirRangeAndNoMore() {
    DoubleUnaryOperator judge = q -> guard(false).value(q, 100);
    double range = returns.width();
    for (double q :
        new double[] {returns.largest() + .9 * range, returns.smallest() - .9 * range}) {
      assertEquals(q, judge.applyAsDouble(q));
    }
    assertTrue(message(judge, returns.largest() + 1.1 * range).contains("mean Q became "));
    assertTrue(message(judge, returns.smallest() - 1.1 * range).contains(", beyond -"));
  }

  @Test
  void theCriticsLossHasALimitToo() {
    DoubleUnaryOperator judge = loss -> guard(false).critic(loss, 100);
    double range = 3 * returns.width();
    assertEquals(.9 * range * range, judge.applyAsDouble(.9 * range * range));
    assertTrue(message(judge, 1.1 * range * range).contains("the critic loss became "));
  }

  @Test
  void aSearchGoesOnPastALimitAndNotForEver() {
    DivergenceGuard guard = guard(true);
    assertFalse(guard.isPastALimit());
    assertEquals(1e9, guard.behaviour(1e9, 300));
    assertTrue(guard.isPastALimit());
    assertEquals(1, guard.behaviour(1, 1299));
    String message =
        assertThrows(DivergedException.class, () -> guard.behaviour(1e9, 1300)).getMessage();
    assertTrue(message.contains("by step 300 the behaviour loss became "), message);
    assertThrows(DivergedException.class, () -> guard(true).behaviour(Double.NaN, 300));
  }
}
