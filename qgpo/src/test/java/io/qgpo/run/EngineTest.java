package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Map;
import org.junit.jupiter.api.Test;

class EngineTest {
  private static Engine engine(int vectorBits, int threads, String library) {
    return new Engine("cuda", "a GPU", vectorBits, threads, "1", "25", "Linux", library, Map.of());
  }

  @Test
  void bitsDependOnWhatComputesAndNotOnThreads() {
    Engine engine = engine(19, 1, "cuBLAS 12.6.4");
    assertTrue(engine.givesTheBitsOf(engine(19, 2, "cuBLAS 12.6.4")));
    assertTrue(engine(19, 1, "").givesTheBitsOf(engine(19, 2, "")));
    assertFalse(engine(19, 1, "").givesTheBitsOf(engine(0, 1, "")));
    assertFalse(engine.givesTheBitsOf(engine(19, 1, "cuBLAS 13.1.0")));
    assertFalse(engine.givesTheBitsOf(engine(19, 1, "")));
  }

  @Test
  void aLibraryMayComputeInOtherWaysOnAnotherDevice() {
    Engine there = new Engine("cuda", "other GPU", 19, 1, "1", "25", "Linux", "", Map.of());
    assertTrue(there.givesTheBitsOf(engine(19, 1, "")));
    Engine by =
        new Engine("cuda", "other GPU", 19, 1, "1", "25", "Linux", "cuBLAS 12.6.4", Map.of());
    assertFalse(by.givesTheBitsOf(engine(19, 1, "cuBLAS 12.6.4")));
  }

  @Test
  void isReadAsItWasWritten() {
    for (String library : new String[] {"", "cuBLAS 12.6.4"}) {
      ObjectNode json = JsonNodeFactory.instance.objectNode();
      Engine engine = engine(19, 1, library);
      engine.putInto(json);
      assertEquals(!library.isEmpty(), json.has("library"));
      assertEquals(engine, Engine.from(json, "config.json"));
    }
  }
}
