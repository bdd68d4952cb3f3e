package io.qgpo.benchmarks;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/**
 * The environment in which the peers are at their best. For libtorch that is one OpenMP runtime for
 * it and for OpenBLAS, loaded before both, whose threads spin between pieces of work as ours do. As
 * packaged, libtorch's OpenMP threads and OpenBLAS's own compete for the cores and a step takes
 * several times as long, which would flatter us.
 */
final class PeerThreads {
  private static final List<Path> GOMP =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/libgomp.so.1"),
          Path.of("/usr/lib64/libgomp.so.1"),
          Path.of("/usr/lib/libgomp.so.1"));

  /** The OpenMP build of OpenBLAS in Debian and Ubuntu, in Fedora, in Arch. */
  private static final List<Path> OPENBLAS =
      List.of(
          Path.of("/usr/lib/x86_64-linux-gnu/openblas-openmp/libopenblas.so.0"),
          Path.of("/usr/lib64/libopenblaso.so.0"),
          Path.of("/usr/lib/libopenblas.so.0"));

  private PeerThreads() {}

  /** For OpenBLAS as packaged, with threads of its own. */
  static Map<String, String> ofOpenBlas(int threads) {
    return Map.of("OPENBLAS_NUM_THREADS", Integer.toString(threads));
  }

  /**
   * For libtorch on OpenBLAS.
   *
   * @param threads as many as ours
   * @param openBlas an OpenMP build of OpenBLAS, or null to look in the usual places
   * @throws IllegalStateException if a library is not there, with what to install
   */
  static Map<String, String> withOpenBlas(int threads, Path openBlas) {
    Path blas =
        find("an OpenMP build of OpenBLAS", openBlas == null ? OPENBLAS : List.of(openBlas));
    return openMp(threads, find("libgomp", GOMP) + " " + blas);
  }

  /** For libtorch on MKL, which is inside it. */
  static Map<String, String> withMkl(int threads) {
    return openMp(threads, find("libgomp", GOMP).toString());
  }

  private static Map<String, String> openMp(int threads, String preloaded) {
    return Map.of(
        "LD_PRELOAD",
        preloaded,
        "OMP_NUM_THREADS",
        Integer.toString(threads),
        "OMP_WAIT_POLICY",
        "ACTIVE");
  }

  private static Path find(String what, List<Path> places) {
    for (Path place : places) {
      if (Files.isReadable(place)) {
        return place;
      }
    }
    throw new IllegalStateException(
        "compare: "
            + what
            + " is needed for a fair timing of libtorch and is not at "
            + places
            + ". On Debian or Ubuntu: apt-get install libgomp1 libopenblas0-openmp; or name the"
            + " file with --openblas FILE");
  }
}
