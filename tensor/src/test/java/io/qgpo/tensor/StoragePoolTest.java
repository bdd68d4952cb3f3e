package io.qgpo.tensor;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class StoragePoolTest {
  @ParameterizedTest
  @CsvSource({
    "0, 64",
    "1, 64",
    "64, 64",
    "65, 72",
    "72, 72",
    "73, 80",
    "128, 128",
    "129, 144",
    "1000, 1024",
    "1025, 1152",
    "2147483639, 2147483639",
    "2147483000, 2147483615"
  })
  void roundsUpToSizeClasses(int size, int capacity) {
    assertEquals(capacity, StoragePool.capacity(size));
  }

  @Test
  void wastesAtMostAnEighth() {
    for (int size = 64; size < 3_000_000; size += 1 + size / 97) {
      int capacity = StoragePool.capacity(size);
      assertTrue(capacity >= size && capacity - size <= size / 8, size + " in " + capacity);
      assertEquals(capacity, StoragePool.capacity(capacity), "a class is its own");
    }
  }
}
