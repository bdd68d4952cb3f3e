package io.qgpo.autograd;

import io.qgpo.tensor.Storage;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The identity as a recorded operation, which writes down when its rule runs. */
final class Spy {
  /** The names of the spies whose rules ran, in order. */
  final List<String> runs = new ArrayList<>();

  /** The storage of each gradient that was given. */
  final List<Storage> storages = new ArrayList<>();

  Var watch(String name, Var x) {
    return Tape.record(
        name,
        x.value().copy(),
        (gradOut, node) -> {
          runs.add(name);
          Tensor gradIn = gradOut.copy();
          storages.add(gradIn.storage());
          node.give(0, gradIn);
        },
        x);
  }
}
