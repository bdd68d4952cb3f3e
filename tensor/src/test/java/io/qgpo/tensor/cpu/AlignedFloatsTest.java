package io.qgpo.tensor.cpu;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.sun.management.HotSpotDiagnosticMXBean;
import java.lang.management.ManagementFactory;
import java.lang.reflect.Field;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Where the collector puts arrays, under the options that the product starts with. */
class AlignedFloatsTest {
  private static final int LINE = 64;

  /** Of {@code -XX:G1HeapRegionSize=1m}. */
  private static final int REGION = 1024 * 1024;

  /** A compressed reference counts in these bytes, or in single ones where the heap lies low. */
  private static final int MOST_BYTES_OF_A_REFERENCE = 8;

  private static final Class<?>[] CLASS = {Class.class};
  private static final Class<?>[] PLACE = {Object.class, long.class};

  @ParameterizedTest
  @ValueSource(ints = {AlignedFloats.LEAST_ALIGNED, AlignedFloats.LEAST_ALIGNED + 1, 1_000_003})
  void largeArraysBeginAtALine(int size) throws ReflectiveOperationException {
    assumeTrue(Boolean.parseBoolean(option("UseG1GC")), "G1 is not this machine's collector");
    assumeTrue(Boolean.parseBoolean(option("UseCompressedOops")), "references are addresses");
    assertEquals(Integer.toString(REGION), option("G1HeapRegionSize"));

    int header = unsafe("arrayBaseOffset", CLASS, float[].class);
    assertEquals(0, (header + AlignedFloats.START * Float.BYTES) % LINE, "header of " + header);
    // Such an array has regions of its own and never moves.
    Object[] holder = {AlignedFloats.allocate(size)};
    long first = unsafe("arrayBaseOffset", CLASS, Object[].class);
    int reference = unsafe("getInt", PLACE, holder, first);
    assertEquals(
        0,
        Integer.remainderUnsigned(reference, REGION / MOST_BYTES_OF_A_REFERENCE),
        "not at the start of a region: reference 0x" + Integer.toHexString(reference));
  }

  /** By reflection: the compiler's warning of this class cannot be suppressed. */
  private static int unsafe(String method, Class<?>[] types, Object... arguments)
      throws ReflectiveOperationException {
    Class<?> type = Class.forName("sun.misc.Unsafe");
    Field instance = type.getDeclaredField("theUnsafe");
    instance.setAccessible(true);
    return (int) type.getMethod(method, types).invoke(instance.get(null), arguments);
  }

  private static String option(String name) {
    return ManagementFactory.getPlatformMXBean(HotSpotDiagnosticMXBean.class)
        .getVMOption(name)
        .getValue();
  }
}
