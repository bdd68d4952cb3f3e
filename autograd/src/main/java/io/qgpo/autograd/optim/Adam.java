package io.qgpo.autograd.optim;

import io.qgpo.autograd.Var;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Adam (Kingma and Ba 2015) with decoupled weight decay (AdamW, Loshchilov and Hutter 2019) and
 * clipping by the global norm, both off by default. All that changes from step to step lies on the
 * device.
 */
public final class Adam {
  /** Decay rates and the rest; PyTorch's defaults in {@link #defaults()}. */
  public record Options(
      double beta1, double beta2, double epsilon, double weightDecay, double clipNorm) {
    /**
     * Validates.
     *
     * @throws IllegalArgumentException naming the first value out of range
     */
    public Options {
      require(beta1 >= 0 && beta1 < 1, "beta1 in [0, 1)", beta1);
      require(beta2 >= 0 && beta2 < 1, "beta2 in [0, 1)", beta2);
      require(epsilon > 0, "epsilon above 0", epsilon);
      require(weightDecay >= 0, "weightDecay 0 or more", weightDecay);
      require(clipNorm >= 0, "clipNorm 0 (off) or more", clipNorm);
    }

    private static void require(boolean holds, String expected, double found) {
      if (!holds) {
        throw new IllegalArgumentException("Adam: expected " + expected + ", found " + found);
      }
    }

    /** beta1 .9, beta2 .999, epsilon 1e-8, no decay, no clipping. */
    public static Options defaults() {
      return new Options(0.9, 0.999, 1e-8, 0, 0);
    }

    /** With weight decay. */
    public Options withWeightDecay(double decay) {
      return new Options(beta1, beta2, epsilon, decay, clipNorm);
    }

    /** With gradients scaled down to at most this global norm. */
    public Options withClipNorm(double norm) {
      return new Options(beta1, beta2, epsilon, weightDecay, norm);
    }
  }

  private final Options options;
  private final Schedule schedule;
  private final Tensor[] parameters;
  private final Tensor[] m;
  private final Tensor[] v;
  private final Tensor scalars;
  private final float[] hostScalars = new float[4];
  private final ClipNorm clip;
  private long step;
  private boolean prepared;

  /**
   * An optimiser of these parameters. Make it outside any scope.
   *
   * @param parameters all on one backend, of one type
   * @throws IllegalArgumentException if there are none
   * @throws IllegalStateException if a scope is open
   */
  public Adam(List<Var> parameters, Schedule schedule, Options options) {
    if (parameters.isEmpty()) {
      throw new IllegalArgumentException("Adam: needs at least one parameter");
    }
    if (Scope.isOpen()) {
      throw new IllegalStateException(
          "Adam: make it outside any scope, since it outlives the scope");
    }
    this.options = options;
    this.schedule = schedule;
    this.parameters = parameters.stream().map(Var::value).toArray(Tensor[]::new);
    m = zeros(this.parameters);
    v = zeros(this.parameters);
    Backend backend = this.parameters[0].backend();
    scalars = Tensor.full(backend, DType.FLOAT32, Shape.of(4), 1);
    clip = options.clipNorm > 0 ? new ClipNorm(backend, options.clipNorm) : null;
  }

  private static Tensor[] zeros(Tensor[] like) {
    Tensor[] result = new Tensor[like.length];
    for (int i = 0; i < result.length; i++) {
      result[i] = Tensor.zeros(like[i].backend(), like[i].dtype(), like[i].shape());
    }
    return result;
  }

  /** Sets this step's numbers on the device; call before the step that {@link #update} is in. */
  public void prepare() {
    hostScalars[0] = (float) schedule.rate(step);
    hostScalars[1] = (float) (1 - power(options.beta1, step + 1));
    hostScalars[2] = (float) (1 - power(options.beta2, step + 1));
    hostScalars[3] = 1;
    scalars.backend().write(hostScalars, 0, scalars);
    step++;
    prepared = true;
  }

  /**
   * By squaring, which multiplies the rounding error of a double by the exponent at most. The same
   * everywhere, which Math.pow is not; and without the arrays that StrictMath.pow makes.
   */
  private static double power(double base, long exponent) {
    double result = 1;
    double square = base;
    for (long rest = exponent; rest > 0; rest >>= 1) {
      if ((rest & 1) == 1) {
        result *= square;
      }
      square *= square;
    }
    return result;
  }

  /**
   * Updates the parameters with gradients in their order; replayable.
   *
   * @throws IllegalStateException if {@link #prepare} was not called for this update
   * @throws IllegalArgumentException if there are not as many gradients as parameters
   */
  public void update(Tensor[] gradients) {
    if (!prepared) {
      throw new IllegalStateException("Adam.update: call prepare() before each update");
    }
    prepared = false;
    if (gradients.length != parameters.length) {
      throw new IllegalArgumentException(
          "Adam: expected " + parameters.length + " gradients, found " + gradients.length);
    }
    if (clip != null) {
      clip.factor(gradients, scalars.columns(3, 4));
    }
    scalars
        .backend()
        .adam(
            parameters,
            gradients,
            m,
            v,
            scalars,
            options.beta1,
            options.beta2,
            options.epsilon,
            options.weightDecay);
  }

  /** {@link #prepare} and {@link #update}. */
  public void step(Tensor[] gradients) {
    prepare();
    update(gradients);
  }

  /** Updates made so far. */
  public long steps() {
    return step;
  }

  /** Continues after this many updates; the moments are restored through {@link #state}. */
  public void restoreSteps(long steps) {
    if (steps < 0) {
      throw new IllegalArgumentException("Adam: steps must be 0 or more, found " + steps);
    }
    step = steps;
    prepared = false;
  }

  /** The moments {@code m.0 ..., v.0 ...}, to be saved, or to be written over. */
  public Map<String, Tensor> state() {
    Map<String, Tensor> state = new LinkedHashMap<>();
    for (int i = 0; i < m.length; i++) {
      state.put("m." + i, m[i]);
      state.put("v." + i, v[i]);
    }
    return state;
  }
}
