package io.qgpo.api;

import java.nio.file.Path;

/** The example of README.md; {@link ApiTest} compares them and runs it. */
final class ReadmeExample {
  private ReadmeExample() {}

  static float[] example(
      float[][] states,
      float[][] actions,
      float[] rewards,
      boolean[] failed,
      boolean[] cutOff,
      float[] now,
      Path folder) {
    // README begins
    Dataset data = Dataset.of(states, actions, rewards, failed, cutOff);
    Policy policy = Qgpo.train(data, Qgpo.settings().with("critic.discount", 0.95), folder);
    float[] action = policy.act(now); // or later: Policy.load(folder).act(now)
    // README ends
    return action;
  }
}
