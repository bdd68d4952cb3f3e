package io.qgpo.algorithm;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import org.junit.jupiter.api.Test;

class WeightCountTest {
  private static long made(QgpoConfig config, int stateDim, int actionDim) {
    return PolicyNetworks.shapes(config, stateDim, actionDim).values().stream()
        .mapToLong(shape -> Arrays.stream(shape).asLongStream().reduce(1, (a, b) -> a * b))
        .sum();
  }

  @Property(tries = 30)
  void isWhatIsMade(
      @ForAll @IntRange(min = 1, max = 7) int stateDim,
      @ForAll @IntRange(min = 1, max = 17) int actionDim,
      @ForAll @IntRange(min = 1, max = 5) int quarterWidth,
      @ForAll @IntRange(min = 1, max = 4) int halfEmbedding,
      @ForAll @IntRange(min = 1, max = 4) int layers) {
    QgpoConfig config =
        Presets.config("demo")
            .with("score.width", 4 * quarterWidth)
            .with("score.embedding", 2 * halfEmbedding)
            .with("critic.hidden", 3 + actionDim)
            .with("critic.layers", layers)
            .with("energy.hidden", 2 + stateDim)
            .with("energy.layers", 5 - layers);
    assertEquals(made(config, stateDim, actionDim), WeightCount.of(config, stateDim, actionDim));
  }

  @Test
  void ofThePaper() {
    QgpoConfig paper = Presets.config("paper");
    assertEquals(made(paper, 17, 6), WeightCount.of(paper, 17, 6));
  }

  /** The largest that settings allow is no overflow. */
  @Test
  void doesNotOverflow() {
    QgpoConfig largest =
        Presets.config("paper")
            .with("score.width", 8192)
            .with("critic.hidden", 16384)
            .with("critic.layers", 32)
            .with("energy.hidden", 16384)
            .with("energy.layers", 32);
    assertEquals(42_706_649_612L, WeightCount.of(largest, 17, 6), 1e9);
  }
}
