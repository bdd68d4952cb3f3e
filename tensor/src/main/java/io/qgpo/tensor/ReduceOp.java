package io.qgpo.tensor;

/** How elements are folded into one. */
public enum ReduceOp {
  /** Their sum; 0 for none. */
  SUM,
  /** Their sum divided by how many there are; NaN for none. */
  MEAN,
  /** The largest; NaN if any is; negative infinity for none. */
  MAX
}
