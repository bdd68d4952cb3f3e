package io.qgpo.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import org.junit.jupiter.api.Test;

class BackendsTest {
  /** A provider of no backend: what is tested is the choice. */
  private record Fake(String name, int priority, String unavailableReason)
      implements BackendProvider {
    @Override
    public Backend create(int threads) {
      return null;
    }
  }

  /** As one for a device that most machines do not have. */
  private static final BackendProvider ABSENT =
      new BackendProvider() {
        @Override
        public String name() {
          return "absent";
        }

        @Override
        public int priority() {
          return 6;
        }

        @Override
        public String unavailableReason() {
          return "it is nowhere; buy one";
        }

        @Override
        public boolean isExpected() {
          return false;
        }

        @Override
        public Backend create(int threads) {
          return null;
        }
      };

  private static String reason(String name, BackendProvider... providers) {
    return Backends.choose(name, 1, List.of(providers)).reason();
  }

  @Test
  void findsTheProvidersBestFirst() {
    List<String> names = Backends.providers().stream().map(BackendProvider::name).toList();
    assertEquals(List.of("simd", "scalar"), names);
  }

  @Test
  void takesTheBestThatRuns() {
    Fake best = new Fake("best", 3, null);
    Fake broken = new Fake("broken", 4, "it is broken; mend it");
    Fake lost = new Fake("lost", 5, "it is lost; find it");
    assertEquals("the best available", reason("auto", best));
    assertEquals(
        "because lost cannot run here: it is lost; find it; broken cannot run here: it is broken;"
            + " mend it",
        reason("auto", lost, broken, best));
    assertEquals("the best available", reason("auto", ABSENT, best));
  }

  @Test
  void takesWhatIsAskedFor() {
    assertEquals(
        "as asked", reason("plain", new Fake("best", 3, null), new Fake("plain", 0, null)));
    Backends.Choice choice = Backends.choose("scalar", 1);
    assertEquals("scalar", choice.backend().name());
    assertEquals(
        "plain Java loops, one thread, float32 and float64", choice.backend().description());
  }

  @Test
  void saysWhyItCannot() {
    assertEquals(
        "backend broken cannot run here: it is broken; mend it",
        assertThrows(
                IllegalArgumentException.class,
                () -> reason("broken", new Fake("broken", 4, "it is broken; mend it")))
            .getMessage());
    assertEquals(
        "backend absent cannot run here: it is nowhere; buy one",
        assertThrows(IllegalArgumentException.class, () -> reason("absent", ABSENT)).getMessage());
    assertEquals(
        "backend 'cuda' does not exist; choose one of auto, simd, scalar",
        assertThrows(IllegalArgumentException.class, () -> Backends.choose("cuda", 1))
            .getMessage());
  }
}
