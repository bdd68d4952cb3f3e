package io.qgpo.algorithm;

import io.qgpo.autograd.Grad;
import io.qgpo.autograd.GradMode;
import io.qgpo.autograd.Var;
import io.qgpo.autograd.op.Loss;
import io.qgpo.autograd.op.Reduction;
import io.qgpo.autograd.optim.Adam;
import io.qgpo.autograd.optim.Polyak;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.BinaryOp;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;

/**
 * Stage 3: in-support softmax Q-learning (Lu et al. 2023). The target is r + discount (1 - d) sum_i
 * softmax(betaQ Q(s', a_i))_i Q(s', a_i) over support actions a_i of s', with Q the smaller of the
 * target twins; the loss is the mean of the two squared errors. With {@code critic.nStep} above 1,
 * r and s' are those of {@link MultiStepReturns}.
 */
public final class CriticTrainer {
  private final CandidateBatch batch;
  private final TwinQ q;
  private final TwinQ target;
  private final Adam optimizer;
  private final Polyak polyak;
  private final double discount;
  private final double betaQ;
  private final List<Var> parameters;
  private final Tensor[] gradients;
  private final Tensor[] ofMembers;
  private final Tensor one;
  private final LossMeter meter;
  private final LossMeter valueMeter;
  private final Runnable body = this::forwardBackwardUpdate;

  /**
   * A trainer. Make it outside any scope.
   *
   * @param q trained
   * @param target follows q through {@code polyak}
   * @param betaQ inverse temperature of the softmax policy that is evaluated
   * @param meter takes the losses
   * @param valueMeter takes the mean Q of the batches' own actions
   */
  CriticTrainer(
      CandidateBatch batch,
      TwinQ q,
      TwinQ target,
      Adam optimizer,
      Polyak polyak,
      double discount,
      double betaQ,
      LossMeter meter,
      LossMeter valueMeter) {
    this.batch = batch;
    this.q = q;
    this.target = target;
    this.optimizer = optimizer;
    this.polyak = polyak;
    this.discount = discount;
    this.betaQ = betaQ;
    parameters = q.twins().parameters();
    gradients = new Tensor[parameters.size()];
    ofMembers = new Tensor[q.parameters().size()];
    one = Tensor.full(batch.states.backend(), DType.FLOAT32, Shape.SCALAR, 1);
    this.meter = meter;
    this.valueMeter = valueMeter;
  }

  /** One update on the current batch. */
  public void step() {
    optimizer.prepare();
    try (Scope _ = Scope.open("critic step")) {
      batch.states.backend().step("critic", body);
    }
  }

  private void forwardBackwardUpdate() {
    Var both = q.both(Var.constant(batch.actionStates));
    // Over the rows of both twins: the mean of their two losses.
    Var loss = Loss.meanSquaredError(both, bellmanTarget());
    Tensor[] ofBoth = Grad.of(loss, one, parameters, gradients);
    optimizer.update(q.twins().gradientsOfMembers(ofBoth, ofMembers));
    polyak.update();
    meter.add(loss.value());
    valueMeter.add(mean(both.value().rowBlock(0, 2)));
  }

  /** The same for both twins: (2 batch size) x 1. */
  private Tensor bellmanTarget() {
    Backend backend = batch.states.backend();
    try (GradMode _ = GradMode.off()) {
      Tensor input = Candidates.join(batch.nextSupportActions, batch.nextStates);
      Tensor candidateQ = target.min(input).reshape(Shape.of(batch.size(), batch.candidates()));
      Tensor both = Tensor.empty(backend, DType.FLOAT32, Shape.of(2 * batch.size(), 1));
      Tensor value = both.rowBlock(0, 2);
      backend.softmaxValue(candidateQ, betaQ, value);
      backend.binary(BinaryOp.MUL, value, batch.continues, value);
      backend.addScaled(1, batch.rewards, discount, value, value);
      backend.copy(value, both.rowBlock(1, 2));
      return both;
    }
  }

  private static Tensor mean(Tensor x) {
    try (GradMode _ = GradMode.off()) {
      return Reduction.mean(Var.constant(x)).value();
    }
  }
}
