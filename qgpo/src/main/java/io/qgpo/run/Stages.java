package io.qgpo.run;

/** The stages of a training, as progress and metrics name them. */
public final class Stages {
  /** The diffusion model of the data's actions. */
  public static final String BEHAVIOUR = "behaviour";

  /** Actions drawn from it for every state. */
  public static final String SUPPORT = "support actions";

  /** Q, and the energy that is learnt from it. */
  public static final String GUIDANCE = "critic and energy";

  /** Of Q and energy, when both have been trained. */
  public static final String DISTRIBUTIONS = "distributions";

  private Stages() {}
}
