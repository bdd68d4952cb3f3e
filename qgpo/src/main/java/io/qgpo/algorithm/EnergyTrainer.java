package io.qgpo.algorithm;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.autograd.Grad;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Layout;
import io.qgpo.autograd.optim.Adam;
import io.qgpo.diffusion.NoiseSchedule;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Rng;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;

/**
 * Stage 4: the energy network learns the guidance of {@link EnergyLoss}, with labels from the
 * target Q. One time t is drawn per state and shared by its candidates, the noise is independent.
 */
public final class EnergyTrainer {
  private final CandidateBatch batch;
  private final EnergyNet net;
  private final TwinQ target;
  private final Adam optimizer;
  private final Rng rng;
  private final NoiseSchedule schedule;
  private final EnergyLoss kind;
  private final double tMin;
  private final double beta;
  private final List<Var> parameters;
  private final Tensor[] gradients;
  private final Tensor one;
  private final LossMeter meter;
  private final Runnable body = this::forwardBackwardUpdate;

  /**
   * A trainer. Make it outside any scope.
   *
   * @param target gives the labels; not changed
   * @param beta inverse temperature of the target policy
   * @param meter takes the losses
   */
  EnergyTrainer(
      CandidateBatch batch,
      EnergyNet net,
      TwinQ target,
      Adam optimizer,
      Rng rng,
      NoiseSchedule schedule,
      EnergyLoss kind,
      double tMin,
      double beta,
      LossMeter meter) {
    this.batch = batch;
    this.net = net;
    this.target = target;
    this.optimizer = optimizer;
    this.rng = rng;
    this.schedule = schedule;
    this.kind = kind;
    this.tMin = tMin;
    this.beta = beta;
    parameters = net.parameters();
    gradients = new Tensor[parameters.size()];
    one = Tensor.full(batch.states.backend(), DType.FLOAT32, Shape.SCALAR, 1);
    this.meter = meter;
  }

  /** One update on the current batch. */
  public void step() {
    optimizer.prepare();
    try (Scope _ = Scope.open("energy step")) {
      batch.states.backend().step("energy", body);
    }
  }

  private void forwardBackwardUpdate() {
    // MSE's optimum is the mean of beta Q only over actions of the behaviour itself: the data's.
    boolean ofData = kind == EnergyLoss.MSE;
    Tensor labels = ofData ? minQ(batch.actions) : supportQ();
    labels.backend().affine(labels, beta, 0, labels);
    Var energies = energies(ofData ? batch.actions : batch.supportActions);
    Var loss = GuidanceLoss.of(kind, energies, labels);
    optimizer.update(Grad.of(loss, one, parameters, gradients));
    meter.add(loss.value());
  }

  /** f at the noised actions: batch size x actions per state. */
  private Var energies(Tensor actions) {
    int perState = actions.rows() / batch.size();
    Tensor t = rng.uniform(DType.FLOAT32, Shape.of(batch.size(), 1), tMin, 1);
    Tensor noise = rng.normal(DType.FLOAT32, actions.shape());
    Tensor noised = schedule.perturb(actions, t, noise);
    Var energy = net.apply(Var.constant(noised), Var.constant(t), Var.constant(batch.states));
    return Layout.reshape(energy, Shape.of(batch.size(), perState));
  }

  /** The target Q of the support actions: batch size x candidates. */
  private Tensor supportQ() {
    return minQ(batch.supportActions).reshape(Shape.of(batch.size(), batch.candidates()));
  }

  private Tensor minQ(Tensor actions) {
    return target.min(Candidates.join(actions, batch.states));
  }
}
