package com.example;

import io.qgpo.api.Dataset;
import io.qgpo.api.Policy;
import io.qgpo.api.Qgpo;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Random;

/**
 * Learns to heat a room from a log of somebody who turned the knob at random, and prints what it
 * would do: heat when it is cold, and not when it is warm.
 */
public final class Thermostat {
  private static final int DAYS = 60;
  private static final int HOURS = 24;
  private static final float WANTED = 20;

  private Thermostat() {}

  /** The argument is the folder of the run, which must not hold one already. */
  public static void main(String[] args) {
    int rows = DAYS * HOURS;
    float[][] states = new float[rows][];
    float[][] actions = new float[rows][];
    float[] rewards = new float[rows];
    boolean[] failed = new boolean[rows];
    boolean[] dayEnds = new boolean[rows];
    Random random = new Random(1);
    float temperature = WANTED;
    for (int i = 0; i < rows; i++) {
      if (i % HOURS == 0) {
        temperature = 14 + 12 * random.nextFloat();
      }
      float heat = random.nextFloat();
      states[i] = new float[] {temperature - WANTED};
      actions[i] = new float[] {heat};
      temperature += 4 * heat - 2;
      rewards[i] = -Math.abs(temperature - WANTED);
      dayEnds[i] = i % HOURS == HOURS - 1;
    }
    var settings =
        Qgpo.settings()
            .with("score.width", 64)
            .with("behaviour.steps", 1000)
            .with("behaviour.learningRate", 0.003)
            .with("behaviour.emaDecay", 0)
            .with("support.candidates", 8)
            .with("critic.steps", 400)
            .with("critic.learningRate", 0.003)
            .with("critic.hidden", 64)
            .with("critic.batchSize", 64)
            .with("critic.discount", 0.5)
            .with("energy.steps", 400)
            .with("energy.learningRate", 0.003)
            .with("energy.hidden", 64)
            .with("data.rewardScaling", "none");
    Dataset log = Dataset.of(states, actions, rewards, failed, dayEnds);
    Policy policy = Qgpo.train(log, settings, Path.of(args[0]));
    for (float degrees : new float[] {16, 20, 24}) {
      System.out.printf("%.0f degrees: heat %.2f%n", degrees, mean(policy, degrees - WANTED));
    }
    if (mean(policy, -4) < mean(policy, 4) + 0.2) {
      throw new IllegalStateException("it has learnt nothing");
    }
  }

  private static double mean(Policy policy, float state) {
    float[] states = new float[200];
    Arrays.fill(states, state);
    double sum = 0;
    for (float heat : policy.act(states, states.length, 1)) {
      sum += heat;
    }
    return sum / states.length;
  }
}
