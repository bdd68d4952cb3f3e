package io.qgpo.report;

import io.qgpo.run.Stages;

/** The numbers of the metrics that are drawn over the steps of their stage. */
enum TrainingCurve {
  BEHAVIOUR(Stages.BEHAVIOUR, "loss", "Behaviour: denoising loss", "loss"),
  CRITIC(Stages.GUIDANCE, "criticLoss", "Critic: squared Bellman error", "loss"),
  VALUE(Stages.GUIDANCE, "meanQ", "Critic: mean Q of the data's actions", "Q"),
  ENERGY(Stages.GUIDANCE, "energyLoss", "Energy: contrastive loss", "loss"),
  RETURN(
      MetricsFile.returnsOf(Stages.GUIDANCE),
      MetricsFile.keyOf(1),
      "Mean return of the exact policy while critic and energy are trained",
      "return");

  private final String stage;
  private final String key;
  private final String caption;
  private final String unit;

  TrainingCurve(String stage, String key, String caption, String unit) {
    this.stage = stage;
    this.key = key;
    this.caption = caption;
    this.unit = unit;
  }

  /** In the metrics. */
  String stage() {
    return stage;
  }

  /** In lines of the stage. */
  String key() {
    return key;
  }

  /** What it is, in words. */
  String caption() {
    return caption;
  }

  /** An empty plane for it. */
  Picture picture(Theme theme) {
    return new Picture("", "steps", unit, theme);
  }
}
