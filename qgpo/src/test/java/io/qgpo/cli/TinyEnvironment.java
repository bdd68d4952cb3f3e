package io.qgpo.cli;

import io.qgpo.data.ActionBounds;
import io.qgpo.env.Environment;

/** States of 3 numbers, actions of 2: a step adds the action's sum to the state; 5 steps. */
public class TinyEnvironment implements Environment {
  private float sum;
  private int steps;

  @Override
  public int observationSize() {
    return 3;
  }

  @Override
  public int actionSize() {
    return 2;
  }

  @Override
  public int maxSteps() {
    return 5;
  }

  @Override
  public ActionBounds actionBounds() {
    return ActionBounds.unit(2);
  }

  @Override
  public float[] reset(long seed) {
    sum = Long.remainderUnsigned(seed, 100) / 100f;
    steps = 0;
    return observation();
  }

  @Override
  public Step step(float[] action) {
    steps++;
    sum += action[0] + action[1];
    return new Step(observation(), sum, false, steps == maxSteps());
  }

  private float[] observation() {
    return new float[] {sum, steps, 1};
  }
}
