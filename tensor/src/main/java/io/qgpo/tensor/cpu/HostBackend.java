package io.qgpo.tensor.cpu;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Philox;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.ShapeChecks;
import io.qgpo.tensor.Storage;
import io.qgpo.tensor.Tensor;

/** What all backends on Java arrays share: moving elements, and indices. */
public abstract class HostBackend implements Backend {
  /** For subclasses. */
  protected HostBackend() {}

  @Override
  public final Storage allocate(DType dtype, int size) {
    if (!supports(dtype)) {
      throw new IllegalArgumentException(
          "backend " + name() + " does not compute in " + dtype + "; use the scalar backend");
    }
    return new HostStorage(this, dtype, size);
  }

  @Override
  public final void write(float[] source, int from, Tensor out) {
    move("write", source, from, HostStorage.floats(out), out, true);
  }

  @Override
  public final void write(double[] source, int from, Tensor out) {
    move("write", source, from, HostStorage.doubles(out), out, true);
  }

  @Override
  public final void write(int[] source, int from, Tensor out) {
    move("write", source, from, HostStorage.ints(out), out, true);
  }

  @Override
  public final void read(Tensor in, float[] target, int to) {
    move("read", target, to, HostStorage.floats(in), in, false);
  }

  @Override
  public final void read(Tensor in, double[] target, int to) {
    move("read", target, to, HostStorage.doubles(in), in, false);
  }

  @Override
  public final void read(Tensor in, int[] target, int to) {
    move("read", target, to, HostStorage.ints(in), in, false);
  }

  private static void move(
      String op, Object host, int at, Object array, Tensor tensor, boolean intoTensor) {
    ShapeChecks.hostArray(op, java.lang.reflect.Array.getLength(host), at, tensor);
    if (tensor.size() == 0) {
      // An empty view may start beyond its storage's end.
      return;
    }
    int columns = tensor.columns();
    int rows = tensor.isContiguous() ? 1 : tensor.rows();
    int run = tensor.isContiguous() ? tensor.size() : columns;
    for (int r = 0; r < rows; r++) {
      int inside = tensor.offset() + r * tensor.leadingDimension();
      int outside = at + r * columns;
      if (intoTensor) {
        System.arraycopy(host, outside, array, inside, run);
      } else {
        System.arraycopy(array, inside, host, outside, run);
      }
    }
  }

  @Override
  public final double readItem(Tensor in) {
    return HostStorage.of(in).get(in.offset());
  }

  @Override
  public void gatherRows(Tensor source, Tensor indices, Tensor out) {
    ShapeChecks.matrix("gatherRows", "out", indices.size(), source.columns(), out);
    checkRows("gatherRows", indices, source);
    int[] index = HostStorage.ints(indices);
    Object from = array(source);
    Object to = array(out);
    for (int i = 0; i < indices.size(); i++) {
      int row = index[HostStorage.index(indices, i)];
      System.arraycopy(
          from,
          source.offset() + row * source.leadingDimension(),
          to,
          out.offset() + i * out.leadingDimension(),
          source.columns());
    }
  }

  @Override
  public void scatterAddRows(Tensor in, Tensor indices, Tensor out) {
    ShapeChecks.matrix("scatterAddRows", "in", indices.size(), out.columns(), in);
    checkRows("scatterAddRows", indices, out);
    int[] index = HostStorage.ints(indices);
    HostStorage from = HostStorage.of(in);
    HostStorage to = HostStorage.of(out);
    for (int i = 0; i < indices.size(); i++) {
      int row = index[HostStorage.index(indices, i)];
      int source = in.offset() + i * in.leadingDimension();
      int target = out.offset() + row * out.leadingDimension();
      for (int c = 0; c < in.columns(); c++) {
        to.set(target + c, to.get(target + c) + from.get(source + c));
      }
    }
  }

  /**
   * Every index must be a row of {@code of}; checked before anything is written.
   *
   * @throws IndexOutOfBoundsException for the first that is not
   */
  protected static void checkRows(String op, Tensor indices, Tensor of) {
    int[] index = HostStorage.ints(indices);
    for (int i = 0; i < indices.size(); i++) {
      int row = index[HostStorage.index(indices, i)];
      if (row < 0 || row >= of.rows()) {
        throw ShapeChecks.badRow(op, i, row, of.rows());
      }
    }
  }

  @Override
  public void transpose(Tensor in, Tensor out) {
    ShapeChecks.matrix("transpose", "out", in.columns(), in.rows(), out);
    HostStorage from = HostStorage.of(in);
    HostStorage to = HostStorage.of(out);
    for (int r = 0; r < in.rows(); r++) {
      for (int c = 0; c < in.columns(); c++) {
        to.set(
            out.offset() + c * out.leadingDimension() + r,
            from.get(in.offset() + r * in.leadingDimension() + c));
      }
    }
  }

  @Override
  public void randomIndices(Tensor state, int bound, Tensor out) {
    checkBound(bound);
    int[] values = HostStorage.ints(out);
    draw(state, out, (words, word, at) -> values[at] = Philox.index(words[word], bound));
  }

  /** There must be at least one integer to draw. */
  protected static void checkBound(int bound) {
    if (bound < 1) {
      throw new IllegalArgumentException("randomIndices: bound must be 1 or more, found " + bound);
    }
  }

  /** What a draw does with word {@code word} of a block, for the element at index {@code at}. */
  protected interface WordSink {
    /** Takes one word. */
    void accept(int[] words, int word, int at);
  }

  /** Walks the elements of {@code out} in row order, a word each, and advances the counter. */
  protected static void draw(Tensor state, Tensor out, WordSink sink) {
    ShapeChecks.vector("random", "state", 4, state);
    int[] s = HostStorage.ints(state);
    int o = state.offset();
    long counter = (s[o + 2] & 0xFFFFFFFFL) | ((long) s[o + 3] << 32);
    int[] words = new int[4];
    for (int i = 0; i < out.size(); i++) {
      if ((i & 3) == 0) {
        long c = counter + (i >>> 2);
        Philox.block(s[o], s[o + 1], (int) c, (int) (c >>> 32), 0, 0, words, 0);
      }
      sink.accept(words, i & 3, HostStorage.index(out, i));
    }
    long next = counter + ((out.size() + 3L) >>> 2);
    s[o + 2] = (int) next;
    s[o + 3] = (int) (next >>> 32);
  }

  private static Object array(Tensor tensor) {
    return switch (tensor.dtype()) {
      case FLOAT32 -> HostStorage.floats(tensor);
      case FLOAT64 -> HostStorage.doubles(tensor);
      case INT32 -> HostStorage.ints(tensor);
    };
  }

  /** The outer three axes of a broadcast walk over {@code shape}, for loops over rows. */
  protected static int rowOffset(Tensor tensor, Shape shape, int row) {
    int d2 = shape.aligned(2);
    int d1 = shape.aligned(1);
    int i2 = row % d2;
    int rest = row / d2;
    return tensor.offset()
        + i2 * tensor.stride(2)
        + rest % d1 * tensor.stride(1)
        + rest / d1 * tensor.stride(0);
  }

  @Override
  public void step(String key, Runnable body) {
    body.run();
  }

  @Override
  public void synchronize() {}
}
