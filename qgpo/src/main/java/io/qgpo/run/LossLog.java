package io.qgpo.run;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.qgpo.algorithm.Qgpo;
import io.qgpo.algorithm.Qgpo.GuidanceLosses;
import io.qgpo.algorithm.QgpoConfig;
import java.util.function.DoubleConsumer;

/**
 * What the losses are: a line of the metrics every so many steps, each judged before it is written,
 * and those since the last line judged before a save.
 */
final class LossLog {
  private final Qgpo qgpo;
  private final QgpoConfig settings;
  private final Metrics metrics;
  private final DivergenceGuard guard;

  /** Of the last line of the stage: NaN before there is one. */
  private double shown = Double.NaN;

  LossLog(Qgpo qgpo, QgpoConfig settings, Metrics metrics, DivergenceGuard guard) {
    this.qgpo = qgpo;
    this.settings = settings;
    this.metrics = metrics;
    this.guard = guard;
  }

  /** A stage begins, or goes on. */
  void begin() {
    shown = Double.NaN;
  }

  /** A behaviour step is done: tells the loss to show, NaN for none yet. */
  double behaviour() {
    long done = qgpo.behaviourDone();
    if (done % TrainingRun.METRICS_STEPS == 0 || done == settings.behaviour().steps()) {
      shown = guard.behaviour(qgpo.takeBehaviourLoss(), done);
      metrics.append(Metrics.line(Stages.BEHAVIOUR, done).put("loss", shown));
    }
    return shown;
  }

  /** The same of a step of critic and energy. */
  double guidance() {
    long done = qgpo.guidanceDone();
    if (done % TrainingRun.METRICS_STEPS == 0 || done == settings.guidanceSteps()) {
      GuidanceLosses losses = qgpo.takeGuidanceLosses();
      append(losses, done);
      shown = Double.isNaN(losses.energyLoss()) ? losses.criticLoss() : losses.energyLoss();
    }
    return shown;
  }

  private void append(GuidanceLosses losses, long done) {
    ObjectNode line = Metrics.line(Stages.GUIDANCE, done);
    if (!Double.isNaN(losses.criticLoss()) || done <= settings.critic().steps()) {
      line.put("criticLoss", guard.critic(losses.criticLoss(), done));
      line.put("meanQ", guard.value(losses.meanQ(), done));
    }
    if (done <= settings.energy().steps()) {
      line.put("energyLoss", guard.energy(losses.energyLoss(), done));
    }
    metrics.append(line);
  }

  /**
   * Judges the steps since the last line.
   *
   * @throws DivergedException if they must not be saved
   */
  void judge() {
    long behaviour = qgpo.behaviourDone();
    long guidance = qgpo.guidanceDone();
    GuidanceLosses losses = qgpo.guidanceLosses();
    ifAny(qgpo.behaviourLoss(), loss -> guard.behaviour(loss, behaviour));
    ifAny(losses.criticLoss(), loss -> guard.critic(loss, guidance));
    ifAny(losses.meanQ(), meanQ -> guard.value(meanQ, guidance));
    ifAny(losses.energyLoss(), loss -> guard.energy(loss, guidance));
  }

  /**
   * NaN is that of no step; that of a step is in a meter, which is looked at before it is saved.
   */
  private static void ifAny(double mean, DoubleConsumer judge) {
    if (!Double.isNaN(mean)) {
      judge.accept(mean);
    }
  }
}
