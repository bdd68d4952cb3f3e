package io.qgpo.diffusion;

import io.qgpo.tensor.Tensor;

/** What a model's output means. Each makes the same {@link NoisePrediction} of its own output. */
public enum Parameterization {
  /** The noise eps (Ho et al. 2020). */
  NOISE {
    @Override
    double ofX(double alpha, double sigma) {
      return 0;
    }

    @Override
    double ofOutput(double alpha, double sigma) {
      return 1;
    }
  },

  /** The data: x0 = (x - sigma eps) / alpha. */
  DATA {
    @Override
    double ofX(double alpha, double sigma) {
      return 1 / sigma;
    }

    @Override
    double ofOutput(double alpha, double sigma) {
      return -alpha / sigma;
    }
  },

  /** The velocity v = alpha eps - sigma x0 (Salimans and Ho 2022, arXiv:2202.00512, section 4). */
  VELOCITY {
    @Override
    double ofX(double alpha, double sigma) {
      return sigma;
    }

    @Override
    double ofOutput(double alpha, double sigma) {
      return alpha;
    }
  },

  /** The score, the gradient of log q_t(x): -eps / sigma (Song et al. 2021). */
  SCORE {
    @Override
    double ofX(double alpha, double sigma) {
      return 0;
    }

    @Override
    double ofOutput(double alpha, double sigma) {
      return -sigma;
    }
  };

  /** A model as it is, whatever it predicts. */
  @FunctionalInterface
  public interface Model {
    /**
     * The output.
     *
     * @param x rows x dimensions, noised to time t
     * @param t one time for all rows
     * @return of x's shape, in the current scope
     */
    Tensor predict(Tensor x, double t);
  }

  /** eps = ofX x + ofOutput output. */
  abstract double ofX(double alpha, double sigma);

  abstract double ofOutput(double alpha, double sigma);

  /** The noise prediction of a model whose output means this. */
  public NoisePrediction noise(NoiseSchedule schedule, Model model) {
    return (x, t) -> {
      double alpha = schedule.alpha(t);
      double sigma = schedule.sigma(t);
      Tensor output = model.predict(x, t);
      Tensor noise = Tensor.empty(x.backend(), x.dtype(), x.shape());
      x.backend().addScaled(ofX(alpha, sigma), x, ofOutput(alpha, sigma), output, noise);
      return noise;
    };
  }
}
