package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SweepPlanTest {
  private static final Path OUT = Path.of("out");

  @Test
  void everySeedWithEveryCombination() {
    SweepPlan plan =
        SweepPlan.of(OUT, List.of("0", "1"), List.of("energy.beta=1, 3", "energy.loss=cep,mse"));
    assertEquals(
        List.of(
            "energy.beta=1,energy.loss=cep",
            "energy.beta=1,energy.loss=mse",
            "energy.beta=3,energy.loss=cep",
            "energy.beta=3,energy.loss=mse"),
        plan.groups().stream().map(SweepPlan.Group::name).toList());
    SweepPlan.Run last = plan.runs().getLast();
    assertEquals(OUT.resolve("energy.beta=3,energy.loss=mse-seed1"), last.folder());
    assertEquals(OUT.resolve("energy.beta=3,energy.loss=mse-seed1.log"), last.log());
    assertEquals(Map.of("energy.beta", "3", "energy.loss", "mse", "seed", "1"), last.settings());
    assertEquals(
        List.of("--set=energy.beta=3", "--set=energy.loss=mse", "--set=seed=1"), last.arguments());
  }

  @Test
  void seedsAlone() {
    SweepPlan plan = SweepPlan.of(OUT, List.of("7"), List.of());
    assertEquals("", plan.groups().getFirst().name());
    assertEquals(List.of("--set=seed=7"), plan.runs().getFirst().arguments());
    assertEquals(OUT.resolve("seed7"), plan.runs().getFirst().folder());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0,0 | energy.beta=1 | --seeds: expected different values of 'seed', found 0 twice",
        "1,01 | energy.beta=1 | --seeds: expected different values of 'seed', found 01 twice",
        "x | energy.beta=1 | --seeds: setting 'seed': expected a whole number from 0 to"
            + " 9223372036854775807, found 'x'",
        "0 | seed=1,2 | --vary: seeds have an option of their own; use --seeds",
        "0 | energy.beta=1,1.0 | --vary: expected different values of 'energy.beta', found 1.0"
            + " twice",
        "0 | energy.beta=1,,3 | --vary: setting 'energy.beta': expected a number from 0 to 1000,"
            + " found ''",
        "0 | energy.beta=1, | --vary: setting 'energy.beta': expected a number from 0 to 1000,"
            + " found ''",
        "0 | energy.beta= | --vary: setting 'energy.beta': expected a number from 0 to 1000,"
            + " found ''",
        "0 | energy.bta=1 | --vary: setting 'energy.bta' does not exist; did you mean"
            + " 'energy.beta'?",
        "0 | energy.beta | --vary: expected KEY=VALUE,VALUE,... as in energy.beta=1,3, found"
            + " 'energy.beta'",
        "0 | energy.beta=-1 | --vary: setting 'energy.beta': expected a number from 0 to 1000,"
            + " found '-1'",
      })
  void whatCannotBeMeantIsRefused(String seeds, String vary, String message) {
    assertRefused(message, List.of(seeds.split(",")), List.of(vary));
  }

  @Test
  void aSettingIsVariedOnce() {
    assertRefused(
        "--vary: setting 'energy.beta' is given twice; give all its values at once",
        List.of("0"),
        List.of("energy.beta=1", "energy.beta=3"));
  }

  @Test
  void aThousandRunsAreEnough() {
    List<String> tens =
        List.of("critic", "energy", "behaviour").stream()
            .map(part -> part + ".steps=1,2,3,4,5,6,7,8,9,10")
            .toList();
    assertEquals(1000, SweepPlan.of(OUT, List.of("0"), tens).runs().size());
    assertRefused("sweep: expected at most 1000 runs, found more", List.of("0", "1"), tens);
  }

  private static void assertRefused(String message, List<String> seeds, List<String> vary) {
    assertEquals(
        message,
        assertThrows(UsageException.class, () -> SweepPlan.of(OUT, seeds, vary)).getMessage());
  }
}
