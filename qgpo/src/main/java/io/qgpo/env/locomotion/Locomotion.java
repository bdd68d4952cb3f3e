package io.qgpo.env.locomotion;

import io.qgpo.env.EnvironmentSpec;
import io.qgpo.env.PhysicalEnvironment;
import io.qgpo.env.ScoreRange;
import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.env.mujoco.MujocoModel;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The bodies that are to run, by name: {@code hopper}, {@code halfcheetah} or {@code walker2d},
 * then optionally {@code -v4} or {@code -v5} for other rules than D4RL's, then optionally {@code
 * -d4rl} for the inertia of the MuJoCo that D4RL's data were recorded with.
 */
public enum Locomotion {
  /** One leg that hops. */
  HOPPER("hopper", new ScoreRange(-20.272305, 3234.3), Hopper::new),

  /** Two legs and a spine. */
  HALFCHEETAH("halfcheetah", new ScoreRange(-280.178953, 12135.0), HalfCheetah::new),

  /** Two legs that walk. */
  WALKER2D("walker2d", new ScoreRange(1.629008, 4592.3), Walker2d::new);

  private static final Pattern NAME = Pattern.compile("([a-z0-9]+)(-v[245])?(-d4rl)?");

  private final String body;
  private final ScoreRange scores;
  private final BiFunction<MujocoModel, Rules, LocomotionEnvironment> constructor;

  /**
   * @param body the name without suffixes
   * @param scores D4RL's
   */
  Locomotion(
      String body,
      ScoreRange scores,
      BiFunction<MujocoModel, Rules, LocomotionEnvironment> constructor) {
    this.body = body;
    this.scores = scores;
    this.constructor = constructor;
  }

  private String name(Rules rules, Inertia inertia) {
    return body + rules.suffix() + inertia.suffix();
  }

  /** All names. */
  public static List<String> names() {
    List<String> names = new ArrayList<>();
    for (Locomotion body : values()) {
      for (Inertia inertia : Inertia.values()) {
        for (Rules rules : Rules.values()) {
          names.add(body.name(rules, inertia));
        }
      }
    }
    return List.copyOf(names);
  }

  /**
   * The name without the version that it has anyway, {@code -v2}.
   *
   * @return empty if it is none of {@link #names}
   */
  public static Optional<String> resolve(String name) {
    return Choice.of(name).map(choice -> choice.body.name(choice.rules, choice.inertia));
  }

  /**
   * The environment of this name; {@code -v2} is understood, too.
   *
   * @return empty if it is none of {@link #names}
   * @throws io.qgpo.env.mujoco.MujocoException if it is one and MuJoCo cannot be used
   */
  public static Optional<EnvironmentSpec> find(String name) {
    return Choice.of(name)
        .map(choice -> choice.body.spec(choice.rules, choice.inertia, MujocoLibrary.find()));
  }

  /** What a name says. */
  private record Choice(Locomotion body, Rules rules, Inertia inertia) {
    static Optional<Choice> of(String name) {
      Matcher parts = NAME.matcher(name);
      if (!parts.matches()) {
        return Optional.empty();
      }
      String said = parts.group(2);
      String version = said == null || said.equals("-v2") ? "" : said;
      Inertia inertia = parts.group(3) == null ? Inertia.EXACT : Inertia.D4RL_ERA;
      for (Locomotion body : values()) {
        for (Rules rules : Rules.values()) {
          if (body.body.equals(parts.group(1)) && rules.suffix().equals(version)) {
            return Optional.of(new Choice(body, rules, inertia));
          }
        }
      }
      return Optional.empty();
    }
  }

  /** What this body is under these rules, in this library. */
  public EnvironmentSpec spec(Rules rules, Inertia inertia, MujocoLibrary library) {
    return EnvironmentSpec.of(name(rules, inertia), () -> environment(rules, inertia, library))
        .withScores(scores)
        .withProtocol("rules", rules.label())
        .withProtocol("inertia", inertia.label())
        .withProtocol("mujoco", library.version().toString());
  }

  /** An environment, to be closed. */
  public PhysicalEnvironment environment(Rules rules, Inertia inertia, MujocoLibrary library) {
    MujocoModel model = library.model(Mjcf.of(body, rules, inertia, library.version()));
    return constructor.apply(model, rules);
  }
}
