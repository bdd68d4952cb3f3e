package io.qgpo.export;

import io.qgpo.tensor.io.NamedArray;
import java.util.Map;

/**
 * The weights of one network, or of a part of it.
 *
 * @param arrays all arrays of a checkpoint
 * @param prefix what the names of this part begin with, with a dot at its end
 */
record NetWeights(Map<String, NamedArray> arrays, String prefix) {
  /** A part of this part. */
  NetWeights part(String name) {
    return new NetWeights(arrays, prefix + name + ".");
  }

  /** Whether there is a layer of this name. */
  boolean hasLayer(String name) {
    return arrays.containsKey(prefix + name + ".weight");
  }

  /** out x in. */
  Matrix weight(String layer) {
    NamedArray array = arrays.get(prefix + layer + ".weight");
    return new Matrix(array.floats(), array.shape()[0], array.shape()[1]);
  }

  /** 1 x out. */
  Matrix bias(String layer) {
    return vector(layer + ".bias");
  }

  /** A vector as a row. */
  Matrix vector(String name) {
    return Matrix.row(arrays.get(prefix + name).floats());
  }
}
