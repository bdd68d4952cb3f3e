package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Arguments;
import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;
import java.nio.ByteBuffer;

/** Launches of kernels/index_rows.cu and kernels/transpose.cu, for elements of any type. */
final class Moves {
  private static final int TILE = 32;

  private final KernelLibrary library;

  Moves(KernelLibrary library) {
    this.library = library;
  }

  void gatherRows(Tensor source, Tensor indices, Tensor out) {
    int n = out.size();
    if (n == 0) {
      return;
    }
    Arguments arguments =
        new Arguments()
            .structure(Views.rows(source))
            .integer(source.rows())
            .structure(indices(indices))
            .structure(Views.rows(out))
            .integer(source.columns())
            .integer(n);
    library.kernel("index_rows", "gather_rows").launch(Views.grid(n), Views.THREADS, 0, arguments);
  }

  void scatterAddRows(Tensor in, Tensor indices, Tensor out) {
    if (in.size() == 0) {
      return;
    }
    Arguments arguments =
        Views.rows(new Arguments(), in).structure(indices(indices)).integer(indices.size());
    Views.rows(arguments, out).integer(out.rows()).integer(out.columns());
    library
        .kernel("index_rows", "scatter_add_rows")
        .launch(Views.grid(out.columns()), Views.THREADS, 0, arguments);
  }

  private static ByteBuffer indices(Tensor indices) {
    return Views.structure(16)
        .putLong(CudaStorage.memory(DType.INT32, indices).address().value())
        .putInt(indices.columns())
        .putInt(indices.leadingDimension());
  }

  void transpose(Tensor in, Tensor out) {
    if (in.size() == 0) {
      return;
    }
    Arguments arguments =
        new Arguments()
            .structure(Views.rows(in))
            .structure(Views.rows(out))
            .integer(in.rows())
            .integer(in.columns());
    Grid grid = new Grid(GemmPlan.ceil(in.columns(), TILE), GemmPlan.ceil(in.rows(), TILE), 1);
    library.kernel("transpose", "transpose").launch(grid, Views.THREADS, 0, arguments);
  }
}
