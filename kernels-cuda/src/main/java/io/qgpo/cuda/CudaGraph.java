package io.qgpo.cuda;

import static jcuda.driver.JCudaDriver.cuGraphDestroy;
import static jcuda.driver.JCudaDriver.cuGraphExecDestroy;
import static jcuda.driver.JCudaDriver.cuGraphGetNodes;
import static jcuda.driver.JCudaDriver.cuGraphLaunch;

import jcuda.driver.CUgraph;
import jcuda.driver.CUgraphExec;

/** Recorded work, replayed by one call. Closed with its driver, or before. */
public final class CudaGraph implements AutoCloseable {
  private final CudaDriver driver;
  private final CUgraph graph;
  private final CUgraphExec executable;
  private boolean closed;

  CudaGraph(CudaDriver driver, CUgraph graph, CUgraphExec executable) {
    this.driver = driver;
    this.graph = graph;
    this.executable = executable;
  }

  /** The launches, copies and fills that were recorded. */
  public long nodes() {
    long[] count = new long[1];
    CudaDriver.check("cuGraphGetNodes", cuGraphGetNodes(graph, null, count));
    return count[0];
  }

  /** Starts all of it on the stream. */
  public void replay() {
    driver.enter();
    CudaDriver.check("cuGraphLaunch", cuGraphLaunch(executable, driver.stream()));
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      driver.forget(this);
      CudaDriver.check("cuGraphExecDestroy", cuGraphExecDestroy(executable));
      CudaDriver.check("cuGraphDestroy", cuGraphDestroy(graph));
    }
  }
}
