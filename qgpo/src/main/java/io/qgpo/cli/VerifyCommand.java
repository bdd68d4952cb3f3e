package io.qgpo.cli;

import io.qgpo.run.ProgramVersion;
import io.qgpo.run.StopRequest;
import io.qgpo.tensor.Backend;
import io.qgpo.verify.CheckGroup;
import io.qgpo.verify.ExactnessPage;
import io.qgpo.verify.Outcome;
import io.qgpo.verify.Verification;
import io.qgpo.verify.Verification.Section;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.function.Function;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Holds what is computed against what is known. */
@Command(
    name = "verify",
    description = {
      "Checks that this program computes what it says, against numbers that are known in closed"
          + " form or by an independent computation: solvers, guidance, networks that learn it, the"
          + " critic. Prints a line for each check, one that fails with what deviates, and at the"
          + " end how many passed and failed. Takes a few minutes. Exit code 1 if any failed."
    },
    mixinStandardHelpOptions = true,
    footerHeading = Examples.HEADING,
    footer = {
      "  qgpo verify",
      "  qgpo verify --only guidance,critic",
      "  qgpo verify --out exactness"
    })
final class VerifyCommand implements Callable<Integer> {
  @Option(
      names = "--out",
      paramLabel = "DIR",
      description =
          "Folder for the page of all checks, "
              + ExactnessPage.FILE
              + ", and its pictures; made if"
              + " it is missing.")
  private Path out;

  @Option(
      names = "--only",
      paramLabel = "NAME,...",
      split = ",",
      description = "Checks of some topics; a check's stands at the begin of its line.")
  private List<String> only = List.of();

  private final Function<Backend, Verification> checks;

  @ParentCommand private QgpoCommand qgpo;
  @Spec private CommandSpec spec;

  VerifyCommand(Function<Backend, Verification> checks) {
    this.checks = checks;
  }

  @Override
  public Integer call() {
    if (out != null && !only.isEmpty()) {
      throw new UsageException("--out: the page is of all checks; leave out --only");
    }
    PrintWriter log = spec.commandLine().getErr();
    // What is said about the backend waits until the names are known to be right.
    var aboutBackend = new StringWriter();
    Backend backend = qgpo.global().choose(new PrintWriter(aboutBackend)).backend();
    Verification verification = checks.apply(backend);
    List<CheckGroup> chosen = chosen(verification);
    if (out != null) {
      OutputFile.makeFolder("--out", out);
    }
    log.print(aboutBackend);
    log.flush();
    try (StopRequest stop =
        StopRequest.install("Stopped before the end of the checks.", log::println)) {
      return run(verification, chosen, backend, stop);
    }
  }

  private int run(
      Verification verification, List<CheckGroup> chosen, Backend backend, StopRequest stop) {
    PrintWriter output = spec.commandLine().getOut();
    List<Section> sections =
        verification.run(
            chosen,
            (group, outcome) ->
                stop.unlessAsked(
                    () -> {
                      output.printf("%-10s %s%n", group.name(), outcome.line());
                      output.flush();
                    }));
    List<Outcome> all = sections.stream().flatMap(s -> s.outcomes().stream()).toList();
    try {
      if (out != null) {
        ExactnessPage.write(
            out, sections, "qgpo " + ProgramVersion.text() + ", " + backend.description());
      }
    } finally {
      stop.unlessAsked(
          () -> {
            output.println(ExactnessPage.tally(all));
            output.flush();
          });
    }
    return all.stream().allMatch(Outcome::passed) ? Main.OK : Main.INTERNAL_ERROR;
  }

  private List<CheckGroup> chosen(Verification verification) {
    if (only.isEmpty()) {
      return verification.groups();
    }
    List<String> names = verification.names();
    var chosen = new LinkedHashSet<CheckGroup>();
    for (String name : only) {
      if (!names.contains(name)) {
        throw UsageException.unknown("--only", names, name);
      }
      chosen.add(verification.groups().get(names.indexOf(name)));
    }
    return List.copyOf(chosen);
  }
}
