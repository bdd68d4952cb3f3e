package io.qgpo.tensor;

/** How elements are folded into one. */
public enum ReduceOp {
  /** Their sum; 0 for none. */
  SUM,
  /** The largest; NaN if any is; negative infinity for none. */
  MAX
}
