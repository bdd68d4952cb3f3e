package io.qgpo.tensor;

/** Elementwise functions of two arguments. */
public enum BinaryOp {
  /** a + b. */
  ADD {
    @Override
    public double value(double a, double b) {
      return a + b;
    }
  },
  /** a - b. */
  SUB {
    @Override
    public double value(double a, double b) {
      return a - b;
    }
  },
  /** a b. */
  MUL {
    @Override
    public double value(double a, double b) {
      return a * b;
    }
  },
  /** a / b. */
  DIV {
    @Override
    public double value(double a, double b) {
      return a / b;
    }
  },
  /** The smaller; NaN if either is. */
  MIN {
    @Override
    public double value(double a, double b) {
      return Math.min(a, b);
    }
  },
  /** The larger; NaN if either is. */
  MAX {
    @Override
    public double value(double a, double b) {
      return Math.max(a, b);
    }
  },
  /**
   * 1 where {@code a < b}, else 0: the mask that gradients of {@link #MIN} and {@link #MAX} need.
   */
  LESS {
    @Override
    public double value(double a, double b) {
      return a < b ? 1 : 0;
    }
  };

  /** The function's value. */
  public abstract double value(double a, double b);
}
