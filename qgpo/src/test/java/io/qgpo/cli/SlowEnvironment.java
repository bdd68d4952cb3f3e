package io.qgpo.cli;

import io.qgpo.data.ActionBounds;
import io.qgpo.env.Environment;

/** Takes a millisecond for a step, and says on which thread it is taken. */
public final class SlowEnvironment implements Environment {
  static final String STEPPED = "stepped by ";

  private final TinyEnvironment inner = new TinyEnvironment();

  @Override
  public int observationSize() {
    return inner.observationSize();
  }

  @Override
  public int actionSize() {
    return inner.actionSize();
  }

  @Override
  public int maxSteps() {
    return inner.maxSteps();
  }

  @Override
  public ActionBounds actionBounds() {
    return inner.actionBounds();
  }

  @Override
  public boolean isSlow() {
    return true;
  }

  @Override
  public float[] reset(long seed) {
    return inner.reset(seed);
  }

  @Override
  public Step step(float[] action) {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.println(STEPPED + Thread.currentThread().getName());
    return inner.step(action);
  }
}
