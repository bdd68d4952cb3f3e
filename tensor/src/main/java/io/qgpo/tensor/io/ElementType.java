package io.qgpo.tensor.io;

/** What one element of an array in a file is. The constants' names are those of safetensors. */
public enum ElementType {
  /** float, IEEE 754 single. */
  F32(4, "f4"),
  /** double, IEEE 754 double. */
  F64(8, "f8"),
  /** int, two's complement. */
  I32(4, "i4"),
  /** long, two's complement. */
  I64(8, "i8"),
  /** byte, to be read as 0 to 255. */
  U8(1, "u1"),
  /** boolean, one byte that is 0 or 1. */
  BOOL(1, "b1");

  private final int bytes;
  private final String numpyCode;

  ElementType(int bytes, String numpyCode) {
    this.bytes = bytes;
    this.numpyCode = numpyCode;
  }

  /** Bytes per element in a file. */
  public int bytes() {
    return bytes;
  }

  /** The type in a numpy descr, without the byte order, as in "f4". */
  String numpyCode() {
    return numpyCode;
  }
}
