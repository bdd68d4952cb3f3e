package io.qgpo.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.benchmarks.Case.Group;
import io.qgpo.benchmarks.Case.Kind;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class CasesTest {
  /** Bytes above which a case takes memory and time that a test has not. */
  private static final double LARGE_BYTES = 16e6;

  /** The same of operations. */
  private static final double LARGE_FLOP = 200e6;

  @ParameterizedTest
  @EnumSource
  void labelsAreUnique(Group group) {
    List<String> labels = Cases.of(group).stream().map(Case::label).toList();
    assertFalse(labels.isEmpty());
    assertEquals(labels.size(), labels.stream().distinct().count(), labels::toString);
    assertEquals(group, Group.of(group.toString()));
  }

  @Test
  void everyWorkloadIsACase() {
    int cases = Cases.of(Group.STEPS).size() + Cases.of(Group.SAMPLING).size();
    assertEquals(Workload.values().length, cases);
    for (Case one : Cases.of(Group.SAMPLING)) {
      assertTrue(one.workload().isSampling());
      assertEquals(one.workload(), Workload.of(one.label()));
    }
  }

  /** Each primitive computes something, in our library. */
  @Test
  void primitivesCompute() {
    Backend backend = Backends.choose("auto", 2).backend();
    for (Group group : List.of(Group.GEMM, Group.ELEMENTWISE, Group.GATHER)) {
      for (Case one : Cases.of(group)) {
        if (one.flop() > LARGE_FLOP || one.bytes() > LARGE_BYTES) {
          continue;
        }
        try (TimedCase timed = new QgpoPrimitive(one, backend)) {
          double before = timed.result();
          timed.call();
          assertNotEquals(before, timed.result(), one.label());
          assertTrue(Double.isFinite(timed.result()), one.label());
          assertNotEquals(Kind.WORKLOAD, one.kind());
        }
      }
    }
  }
}
