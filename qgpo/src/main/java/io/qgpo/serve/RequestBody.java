package io.qgpo.serve;

/** The body of a request, which counts among those in memory until it is closed. */
record RequestBody(byte[] bytes, Runnable release) implements AutoCloseable {
  @Override
  public void close() {
    release.run();
  }
}
