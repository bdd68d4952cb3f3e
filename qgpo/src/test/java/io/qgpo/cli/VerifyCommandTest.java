package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.verify.Check;
import io.qgpo.verify.Check.Relation;
import io.qgpo.verify.CheckGroup;
import io.qgpo.verify.ExactnessPage;
import io.qgpo.verify.Verification;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

class VerifyCommandTest {
  @TempDir Path folder;

  /** Of a group that is there in tests only. */
  private record Sums(double found) implements CheckGroup {
    @Override
    public String name() {
      return "sums";
    }

    @Override
    public String title() {
      return "Sums";
    }

    @Override
    public String about() {
      return "What is one and one?";
    }

    @Override
    public List<Check> checks() {
      return List.of(
          new Check("right", "arithmetic", Relation.EQUAL, 2, 1e-3, () -> 2),
          new Check("tried", "arithmetic", Relation.EQUAL, 2, 1e-3, () -> found));
    }
  }

  /** One check, of another name. */
  private record Named(String name) implements CheckGroup {
    @Override
    public String title() {
      return name;
    }

    @Override
    public String about() {
      return name;
    }

    @Override
    public List<Check> checks() {
      return List.of(new Check("one", "arithmetic", Relation.EQUAL, 1, 1e-3, () -> 1));
    }
  }

  private static Cli.Outcome run(double found, String... args) {
    var verify = new VerifyCommand(_ -> new Verification(List.of(new Sums(found))));
    return Cli.run(Main.configure(new CommandLine(new QgpoCommand()).addSubcommand(verify)), args);
  }

  @Test
  void aFailedCheckIsExitCodeOne() {
    Cli.Outcome outcome = run(2.5, "verify");
    assertEquals(Main.INTERNAL_ERROR, outcome.code());
    assertEquals(
        List.of(
            "sums       passed  right: expected 2 within 0.001, found 2.0000",
            "sums       FAILED  tried (arithmetic): expected 2 within 0.001, found 2.5000, which is"
                + " off by 0.5",
            "1 passed, 1 failed"),
        outcome.out().lines().toList());
  }

  @Test
  void writesThePage() throws IOException {
    Path out = folder.resolve("made").resolve("here");
    Cli.Outcome outcome = run(2, "verify", "--out", out.toString());
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertEquals("2 passed, 0 failed", outcome.out().lines().toList().getLast());
    String page = Files.readString(out.resolve(ExactnessPage.FILE));
    String row = "| tried | arithmetic | 2 within 0.001 | 2.0000 | 0 | yes |";
    assertTrue(page.contains("\n## Sums\nWhat is one and one?\n"), page);
    assertTrue(page.contains("\n" + row + "\n"), page);
    run(7, "verify", "--out", out.toString());
    page = Files.readString(out.resolve(ExactnessPage.FILE));
    assertTrue(page.contains("| 7.0000 | 5 | NO |"), page);
  }

  @Test
  void runsOneTopic() {
    Cli.Outcome outcome = Cli.run("verify", "--only", "gradients");
    assertEquals(Main.OK, outcome.code(), outcome.err() + outcome.out());
    assertTrue(outcome.out().lines().allMatch(l -> l.matches("gradients  passed .*|6 passed, .*")));
  }

  /** By commas, and once each. */
  @Test
  void runsTopicsOnce() {
    var verify = new VerifyCommand(_ -> new Verification(List.of(new Sums(2), new Named("other"))));
    CommandLine program = Main.configure(new CommandLine(new QgpoCommand()).addSubcommand(verify));
    Cli.Outcome outcome = Cli.run(program, "verify", "--only", "other,sums", "--only", "other");
    assertEquals("3 passed, 0 failed", outcome.out().lines().toList().getLast());
  }

  /** What was checked is told even if the page cannot be written then. */
  @Test
  void theTallyIsLastWhereThePageFails() throws IOException {
    Files.createDirectories(folder.resolve(ExactnessPage.FILE).resolve("in the way"));
    Cli.Outcome outcome = run(2, "verify", "--out", folder.toString());
    assertTrue(outcome.code() != Main.OK);
    assertEquals("2 passed, 0 failed", outcome.out().lines().toList().getLast());
    assertTrue(outcome.err().lines().toList().getLast().startsWith("qgpo: "), outcome.err());
  }

  @Test
  void usersFaults() throws IOException {
    Cli.Outcome unknown = Cli.run("verify", "--only", "guidence");
    assertEquals(Main.USAGE_ERROR, unknown.code());
    assertTrue(unknown.err().startsWith("qgpo: --only: expected one of "), unknown.err());
    assertTrue(unknown.err().contains("found 'guidence'; did you mean 'guidance'?"), unknown.err());
    Cli.Outcome both = Cli.run("verify", "--only", "sde", "--out", folder.toString());
    assertEquals(Main.USAGE_ERROR, both.code());
    assertEquals(
        "qgpo: --out: the page is of all checks; leave out --only." + System.lineSeparator(),
        both.err());
    Path file = Files.createFile(folder.resolve("file"));
    Cli.Outcome noFolder = Cli.run("verify", "--out", file.toString());
    assertEquals(Main.USAGE_ERROR, noFolder.code());
    assertTrue(noFolder.err().contains("--out: expected a folder"), noFolder.err());
  }

  /** Where even root, to whom nothing is forbidden, can write no file. */
  @Test
  @EnabledOnOs(value = OS.LINUX, disabledReason = "/proc is Linux's")
  void aFolderThatTakesNoFile() {
    Cli.Outcome outcome = Cli.run("verify", "--out", "/proc/self");
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertEquals(
        "qgpo: --out: expected a folder that may be written to, found /proc/self."
            + System.lineSeparator(),
        outcome.err());
    assertEquals("", outcome.out());
  }
}
