package io.qgpo.run;

import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;
import io.qgpo.tensor.io.ElementType;
import io.qgpo.tensor.io.NamedArray;
import io.qgpo.tensor.io.TensorFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** Between named tensors and the arrays of a checkpoint. */
final class TensorArrays {
  private TensorArrays() {}

  /** Copies of the tensors' elements. */
  static List<NamedArray> of(Map<String, Tensor> tensors) {
    List<NamedArray> arrays = new ArrayList<>();
    tensors.forEach(
        (name, tensor) -> {
          int[] shape = tensor.shape().toArray();
          arrays.add(
              tensor.dtype() == DType.INT32
                  ? NamedArray.of(name, tensor.toIntArray(), shape)
                  : NamedArray.of(name, tensor.toFloatArray(), shape));
        });
    return arrays;
  }

  /**
   * Writes arrays over the tensors of the same names. Arrays of other names are left alone.
   *
   * @param file where the arrays come from, for messages
   * @throws TensorFileException if an array is missing, or has another type or shape
   */
  static void restore(Map<String, Tensor> tensors, Map<String, NamedArray> arrays, String file) {
    tensors.forEach(
        (name, tensor) -> {
          NamedArray array = arrays.get(name);
          ElementType type = tensor.dtype() == DType.INT32 ? ElementType.I32 : ElementType.F32;
          String expected = type + " " + tensor.shape();
          if (array == null) {
            throw TensorFileException.content(file, "tensor '" + name + "'", expected, "none");
          }
          String found = array.type() + " " + Arrays.toString(array.shape());
          if (!found.equals(expected)) {
            throw TensorFileException.content(file, "tensor '" + name + "'", expected, found);
          }
          if (type == ElementType.I32) {
            tensor.backend().write(array.ints(), 0, tensor);
          } else {
            tensor.backend().write(array.floats(), 0, tensor);
          }
        });
  }
}
