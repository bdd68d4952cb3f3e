package io.qgpo.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class NamedArrayTest {
  @Test
  void sharesDataAndCopiesShape() {
    float[] data = {1, 2, 3, 4, 5, 6};
    int[] shape = {2, 3};
    NamedArray array = NamedArray.of("w", data, shape);
    shape[0] = 9;
    array.shape()[1] = 9;
    assertArrayEquals(new int[] {2, 3}, array.shape());
    assertSame(data, array.floats());
    assertSame(data, array.withName("v").floats());
    assertEquals("v", array.withName("v").name());
    assertEquals("NamedArray[w F32 [2, 3]]", array.toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 5, 7, Integer.MIN_VALUE})
  void refusesAShapeThatDoesNotFit(int size) {
    String message =
        assertThrows(IllegalArgumentException.class, () -> NamedArray.of("w", new int[6], size))
            .getMessage();
    assertEquals(
        "NamedArray 'w': expected as many elements as shape ["
            + size
            + "] holds, found 6; pass the whole array and its shape.",
        message);
  }

  @Test
  void aProductThatOverflowsDoesNotFit() {
    assertThrows(
        IllegalArgumentException.class, () -> NamedArray.of("w", new byte[0], 1 << 16, 1 << 16));
    assertThrows(
        IllegalArgumentException.class, () -> NamedArray.of("w", new byte[1], new int[33]));
  }

  @Test
  void eachTypeIsReadAsItself() {
    NamedArray array = NamedArray.of("w", new double[] {1});
    String message = assertThrows(IllegalStateException.class, array::floats).getMessage();
    assertTrue(message.contains("expected type F32, found F64"), message);
    assertThrows(IllegalStateException.class, array::ints);
    assertThrows(IllegalStateException.class, array::longs);
    assertThrows(IllegalStateException.class, array::bytes);
    assertThrows(IllegalStateException.class, array::booleans);
    assertThrows(IllegalStateException.class, NamedArray.of("w", new int[1])::doubles);
  }
}
