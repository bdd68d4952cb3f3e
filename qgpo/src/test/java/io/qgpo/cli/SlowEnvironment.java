package io.qgpo.cli;

/** Takes a millisecond for a step, and says on which thread it is taken. */
public final class SlowEnvironment extends TinyEnvironment {
  static final String STEPPED = "stepped by ";

  @Override
  public boolean isSlow() {
    return true;
  }

  @Override
  public Step step(float[] action) {
    try {
      Thread.sleep(1);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    System.out.println(STEPPED + Thread.currentThread().getName());
    return super.step(action);
  }
}
