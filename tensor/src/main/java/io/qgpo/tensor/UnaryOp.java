package io.qgpo.tensor;

/**
 * Elementwise functions of one argument, each beside its derivative. The derivative is written in
 * whatever is cheapest of the argument x and the result y.
 */
public enum UnaryOp {
  /** -x. */
  NEG {
    @Override
    public double value(double x) {
      return -x;
    }

    @Override
    public double derivative(double x, double y) {
      return -1;
    }
  },
  /** e^x. */
  EXP {
    @Override
    public double value(double x) {
      return Math.exp(x);
    }

    @Override
    public double derivative(double x, double y) {
      return y;
    }
  },
  /** Natural logarithm. */
  LOG {
    @Override
    public double value(double x) {
      return Math.log(x);
    }

    @Override
    public double derivative(double x, double y) {
      return 1 / x;
    }
  },
  /** Square root. */
  SQRT {
    @Override
    public double value(double x) {
      return Math.sqrt(x);
    }

    @Override
    public double derivative(double x, double y) {
      return 0.5 / y;
    }
  },
  /** x^2. */
  SQUARE {
    @Override
    public double value(double x) {
      return x * x;
    }

    @Override
    public double derivative(double x, double y) {
      return 2 * x;
    }
  },
  /** |x|; the derivative at 0 is 0, as in PyTorch. */
  ABS {
    @Override
    public double value(double x) {
      return Math.abs(x);
    }

    @Override
    public double derivative(double x, double y) {
      return x == 0 ? 0 : Math.signum(x);
    }
  },
  /** 1/x. */
  RECIPROCAL {
    @Override
    public double value(double x) {
      return 1 / x;
    }

    @Override
    public double derivative(double x, double y) {
      return -y * y;
    }
  },
  /** Sine. */
  SIN {
    @Override
    public double value(double x) {
      return Math.sin(x);
    }

    @Override
    public double derivative(double x, double y) {
      return Math.cos(x);
    }
  },
  /** Cosine. */
  COS {
    @Override
    public double value(double x) {
      return Math.cos(x);
    }

    @Override
    public double derivative(double x, double y) {
      return -Math.sin(x);
    }
  },
  /** Hyperbolic tangent. */
  TANH {
    @Override
    public double value(double x) {
      return Math.tanh(x);
    }

    @Override
    public double derivative(double x, double y) {
      return 1 - y * y;
    }
  },
  /** 1/(1+e^-x). */
  SIGMOID {
    @Override
    public double value(double x) {
      return sigmoid(x);
    }

    @Override
    public double derivative(double x, double y) {
      return y * (1 - y);
    }
  },
  /** max(x, 0); the derivative at 0 is 0, as in PyTorch. */
  RELU {
    @Override
    public double value(double x) {
      return x > 0 ? x : x != x ? x : 0;
    }

    @Override
    public double derivative(double x, double y) {
      return x > 0 ? 1 : 0;
    }
  },
  /** x sigmoid(x), also called swish. */
  SILU {
    @Override
    public double value(double x) {
      return x * sigmoid(x);
    }

    @Override
    public double derivative(double x, double y) {
      double s = sigmoid(x);
      return s * (1 + x * (1 - s));
    }
  };

  /** The function's value at x. */
  public abstract double value(double x);

  /** The derivative at x, given y = value(x). */
  public abstract double derivative(double x, double y);

  private static double sigmoid(double x) {
    return 1 / (1 + Math.exp(-x));
  }
}
