package io.qgpo.verify;

import io.qgpo.tensor.Backend;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiConsumer;

/** Checks of several topics, in the order of the page. */
public final class Verification {
  private final List<CheckGroup> groups;

  /**
   * What a group's checks have found, as its plots show.
   *
   * @param group which
   * @param outcomes one per check
   */
  public record Section(CheckGroup group, List<Outcome> outcomes) {}

  /** Checks in this order. */
  public Verification(List<CheckGroup> groups) {
    this.groups = List.copyOf(groups);
  }

  /**
   * All groups; nothing is computed yet.
   *
   * @param backend on which networks learn; what is compared digit by digit is computed in double
   *     precision on the scalar backend
   */
  public static Verification standard(Backend backend) {
    return new Verification(
        List.of(
            new ValueChecks(),
            new OrderChecks(),
            new PresetChecks(),
            new DispersionChecks(),
            new AdaptiveChecks(),
            new SdeChecks(),
            new ModelChecks(),
            new OptionChecks(),
            new GuidanceChecks(),
            new ScaleChecks(),
            new EnergyNetChecks(backend),
            new CriticChecks(backend),
            new GradientChecks()));
  }

  /** The groups. */
  public List<CheckGroup> groups() {
    return groups;
  }

  /** The names of the groups. */
  public List<String> names() {
    return groups.stream().map(CheckGroup::name).toList();
  }

  /**
   * Runs checks.
   *
   * @param chosen groups of these
   * @param listener is told each outcome as soon as there is one
   */
  public List<Section> run(List<CheckGroup> chosen, BiConsumer<CheckGroup, Outcome> listener) {
    List<Section> sections = new ArrayList<>();
    for (CheckGroup group : chosen) {
      List<Outcome> outcomes = new ArrayList<>();
      for (Check check : group.checks()) {
        Outcome outcome = check.run();
        outcomes.add(outcome);
        listener.accept(group, outcome);
      }
      sections.add(new Section(group, outcomes));
    }
    return sections;
  }
}
