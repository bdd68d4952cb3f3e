package io.qgpo.toy;

import java.util.List;
import java.util.Optional;

/** The six sets of the paper. */
public final class ToySets {
  private static final List<ToySet> ALL =
      List.of(
          new EightGaussians(),
          new Rings(),
          new Moons(),
          new SwissRoll(),
          new Checkerboard(),
          new TwoSpirals());

  private ToySets() {}

  /** All of them, in the paper's order. */
  public static List<ToySet> all() {
    return ALL;
  }

  /** Their names. */
  public static List<String> names() {
    return ALL.stream().map(ToySet::name).toList();
  }

  /** The set of a name. */
  public static Optional<ToySet> find(String name) {
    return ALL.stream().filter(set -> set.name().equals(name)).findFirst();
  }
}
