package io.qgpo;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.tensor.io.ElementType;
import io.qgpo.tensor.io.SafeTensors;
import java.nio.file.Path;

/** Compares checkpoints. */
public final class SameArrays {
  private SameArrays() {}

  /** Both hold the same arrays, to the bit. */
  public static void assertSameArrays(Path expected, Path found) {
    var right = SafeTensors.readChecksummed(expected).arrays();
    var arrays = SafeTensors.readChecksummed(found).arrays();
    assertEquals(right.keySet(), arrays.keySet());
    right.forEach(
        (name, array) -> {
          if (array.type() == ElementType.I32) {
            assertArrayEquals(array.ints(), arrays.get(name).ints(), name);
          } else {
            assertArrayEquals(array.floats(), arrays.get(name).floats(), name);
          }
        });
  }
}
