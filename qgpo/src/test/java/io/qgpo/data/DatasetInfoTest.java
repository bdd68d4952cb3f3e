package io.qgpo.data;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class DatasetInfoTest {

  @Test
  void textNamesCountsReturnsAndFaults() {
    LoggedRows rows =
        LoggedRows.of(
            new Source("made.hdf5", "abc", false),
            2,
            1,
            new float[] {1, 5, 2, 5, 3, 5, 4, 5, 5, 5},
            new float[] {-.5f, .5f, 3, .5f, .5f},
            new float[] {1, 2, 3, 4, 5},
            new boolean[] {false, true, false, false, false},
            new boolean[] {false, false, false, true, true});
    assertEquals(
        """
        source           made.hdf5
        sha-256          abc
        rows             5
        transitions      3, of which 1 terminal
        dimensions       observation 2, action 1
        episodes         3 complete, 2 timed out
        return           5 +- 2 (min 3, max 7)
        length           1.667 +- 0.5774 (min 1, max 2)
        reward per step  3 +- 1.581 (min 1, max 5)
        action 0         0.8 +- 1.304 (min -0.5, max 3)
        faults           3
          - 1 of 2 timed-out episodes are shorter than the longest (2 rows): cut by the recorder?
          - observation column 1 never changes: 5
          - action column 0 leaves [-1, 1]: -0.5 to 3
        """,
        Dataset.of(rows, 1000).info().toText());
    assertThrows(IllegalArgumentException.class, () -> Dataset.of(rows, 0));
  }
}
