package io.qgpo.env;

import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.function.Supplier;

/**
 * What there is to know of an environment before it is used. Immutable.
 *
 * @param name what users call it
 * @param factory makes one; to be closed
 * @param scores what D4RL measures returns by, if it does
 * @param optimum a policy by hand that can hardly be beaten, if there is one
 * @param protocol what must be the same for returns to be comparable, by name: rules, versions
 */
public record EnvironmentSpec(
    String name,
    Supplier<? extends Environment> factory,
    Optional<ScoreRange> scores,
    Optional<Policy> optimum,
    Map<String, String> protocol) {

  /** The protocol is copied; its order is kept. */
  public EnvironmentSpec {
    protocol = Collections.unmodifiableMap(new LinkedHashMap<>(protocol));
  }

  /** One of which only the name is known. */
  public static EnvironmentSpec of(String name, Supplier<? extends Environment> factory) {
    return new EnvironmentSpec(name, factory, Optional.empty(), Optional.empty(), Map.of());
  }

  /** The same with D4RL's range of returns. */
  public EnvironmentSpec withScores(ScoreRange range) {
    return new EnvironmentSpec(name, factory, Optional.of(range), optimum, protocol);
  }

  /** The same with a policy by hand. */
  public EnvironmentSpec withOptimum(Policy policy) {
    return new EnvironmentSpec(name, factory, scores, Optional.of(policy), protocol);
  }

  /** The same with one more line of protocol. */
  public EnvironmentSpec withProtocol(String key, String value) {
    Map<String, String> more = new LinkedHashMap<>(protocol);
    more.put(key, value);
    return new EnvironmentSpec(name, factory, scores, optimum, more);
  }
}
