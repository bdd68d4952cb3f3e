package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.launch.Launcher;
import io.qgpo.launch.ParentWatch;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ChildProgramTest {
  private static final long GIB = 1L << 30;

  /** What a launcher gives its child, with options of the user's after its own. */
  private static List<String> launched(String... users) {
    List<String> options = new ArrayList<>(List.of("--add-modules=x", Launcher.HEAP));
    options.addAll(List.of(users));
    options.add("-D" + ParentWatch.PARENT + "=1");
    return options;
  }

  @Test
  void theLaunchersChoiceOfAHeapIsNotAUsers() {
    List<String> limit = List.of("-Xmx" + GIB);
    assertEquals(limit, ChildProgram.heapOptions(List.of(), GIB));
    assertEquals(limit, ChildProgram.heapOptions(launched(), GIB));
    assertEquals(limit, ChildProgram.heapOptions(launched("-Xms1g", "-Dx=y"), GIB));
  }

  @ParameterizedTest
  @ValueSource(strings = {"-Xmx2g", "-XX:MaxHeapSize=2g", "-XX:MaxRAMPercentage=10", Launcher.HEAP})
  void aUsersChoiceWins(String option) {
    assertEquals(List.of(), ChildProgram.heapOptions(List.of(option), GIB));
    assertEquals(List.of(), ChildProgram.heapOptions(launched(option), GIB));
  }

  /** Whole per cents were 1 % of the memory for 64 runs at once, and none for 128. */
  @ParameterizedTest
  @CsvSource({"16, 1, 12288", "16, 8, 1536", "256, 64, 3072", "1024, 128, 6144"})
  void runsShareThreeQuartersOfTheMemory(long memoryGib, int atOnce, long heapMib) {
    assertEquals(heapMib, SweepCommand.heapBytes(memoryGib * GIB, atOnce) >> 20, 1);
  }
}
