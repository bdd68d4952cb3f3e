package io.qgpo.tensor.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.EdgeCasesMode;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterProperty;
import net.jqwik.api.lifecycle.BeforeProperty;

/** What is written is read back, for arrays of every type, rank and content. */
class ArrayFilePropertiesTest {
  private Path file;

  @BeforeProperty
  void createFile() throws IOException {
    file = Files.createTempFile("arrays", ".bin");
  }

  @AfterProperty
  void deleteFile() throws IOException {
    Files.delete(file);
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void safeTensorsRoundTrip(
      @ForAll("arrays") List<NamedArray> arrays,
      @ForAll("metadata") Map<String, String> metadata,
      @ForAll boolean checksummed) {
    SafeTensors read;
    if (checksummed) {
      SafeTensors.writeChecksummed(file, arrays, metadata);
      read = SafeTensors.readChecksummed(file);
    } else {
      SafeTensors.write(file, arrays, metadata);
      read = SafeTensors.read(file);
    }
    assertEquals(metadata, read.metadata());
    assertSame(arrays, read.arrays());
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void npzRoundTrip(@ForAll("arrays") List<NamedArray> arrays, @ForAll boolean compressed) {
    Npz.write(file, arrays, compressed);
    assertSame(arrays, Npz.readAll(file));
  }

  @Property(tries = 200, edgeCases = EdgeCasesMode.NONE)
  void npyRoundTrip(@ForAll("array") NamedArray array) {
    Npy.write(file, array);
    NamedArray read = Npy.read(file);
    assertSame(List.of(array), Map.of(array.name(), read.withName(array.name())));
  }

  private static void assertSame(List<NamedArray> written, Map<String, NamedArray> read) {
    assertEquals(written.size(), read.size());
    for (NamedArray array : written) {
      NamedArray other = read.get(array.name());
      assertEquals(array.name(), other.name());
      assertEquals(array.type(), other.type());
      assertArrayEquals(array.shape(), other.shape());
      // deepEquals on wrapped primitive arrays compares bits: NaN equals NaN, 0 is not -0.
      assertEquals(
          true, Arrays.deepEquals(new Object[] {array.data()}, new Object[] {other.data()}));
    }
  }

  @Provide
  Arbitrary<Map<String, String>> metadata() {
    Arbitrary<String> text =
        Arbitraries.strings().withCharRange('\0', '\ud7ff').withChars("\"\\/\n").ofMaxLength(8);
    return Arbitraries.maps(text, text).ofMaxSize(4);
  }

  @Provide
  Arbitrary<List<NamedArray>> arrays() {
    return array()
        .list()
        .ofMaxSize(5)
        .map(
            list -> {
              var byName = new LinkedHashMap<String, NamedArray>();
              list.forEach(array -> byName.put(array.name(), array));
              return List.copyOf(byName.values());
            });
  }

  @Provide
  Arbitrary<NamedArray> array() {
    return Combinators.combine(
            Arbitraries.strings()
                .withCharRange(' ', '\ud7ff')
                .withChars("\"\\\u0001")
                .ofMinLength(1)
                .ofMaxLength(6),
            Arbitraries.of(ElementType.class),
            Arbitraries.integers().between(0, 5).array(int[].class).ofMaxSize(4),
            Arbitraries.longs())
        .as(ArrayFilePropertiesTest::make);
  }

  private static NamedArray make(String name, ElementType type, int[] shape, long seed) {
    int count = Arrays.stream(shape).reduce(1, (a, b) -> a * b);
    var random = new Random(seed);
    Object data = ArrayCodec.allocate(type, count);
    for (int i = 0; i < count; i++) {
      switch (data) {
        case float[] a -> a[i] = Float.intBitsToFloat(random.nextInt());
        case double[] a -> a[i] = Double.longBitsToDouble(random.nextLong());
        case int[] a -> a[i] = random.nextInt();
        case long[] a -> a[i] = random.nextLong();
        case byte[] a -> a[i] = (byte) random.nextInt();
        case boolean[] a -> a[i] = random.nextBoolean();
        default -> throw new AssertionError(type);
      }
    }
    return NamedArray.over(name, type, data, shape);
  }
}
