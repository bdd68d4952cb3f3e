package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.qgpo.cuda.Emulator;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.api.parallel.ResourceLock;

/**
 * What doctor says of a GPU; that its library is loaded from nowhere else, and given back at the
 * end of a command.
 */
// Of a JVM there is one emulator, and classes of tests run two at a time.
@ResourceLock("emulator")
class CudaDoctorIT {
  /** What tensor cores round is no error. */
  @Test
  void itsSelfCheckIsRightInBothPrecisions() {
    Emulator.install();
    try {
      for (String precision : new String[] {"--tf32=false", "--tf32"}) {
        Cli.Outcome outcome = Cli.run("doctor", "--backend=cuda", precision);
        assertEquals(Main.OK, outcome.code(), outcome.out());
        assertTrue(outcome.out().contains("ready"), outcome.out());
      }
    } finally {
      System.clearProperty("qgpo.cuda.tf32");
    }
  }

  /** Which library multiplies large matrices, and how it was found. */
  @Test
  void namesTheCublasThatWasAskedFor() {
    Emulator.install();
    assumeTrue(!Emulator.ON_GPU, "on a GPU it is what is installed");
    System.setProperty("qgpo.cuda.libraries", Emulator.cublas(12).toString());
    try {
      Cli.Outcome outcome = Cli.run("doctor", "--backend=cuda", "--cublas");
      assertEquals(Main.OK, outcome.code(), outcome.out());
      String words = "own kernels in FP32, large ones as asked by cuBLAS 12.6.0, ";
      assertTrue(outcome.out().contains(words), outcome.out());
      assertTrue(outcome.out().contains("libcublas.so.12 as JCublas2"), outcome.out());
    } finally {
      System.clearProperty("qgpo.cuda.libraries");
      System.clearProperty("qgpo.cuda.cublas");
    }
  }

  /** JCuda would take a file of its library's name in the folder for temporary files. */
  @Test
  void aFileInTheTemporaryFolderIsNotLoaded(@TempDir Path folder) throws Exception {
    Path planted = folder.resolve(nameOfTheDriversBinding());
    Files.writeString(planted, "no library");
    List<String> command = PackagedProgram.command(List.of("doctor", "--backend=cuda"));
    command.add(1, "-Djava.io.tmpdir=" + folder);
    if (!Emulator.ON_GPU) {
      command.add(1, "-Dqgpo.cuda.driver=" + Emulator.library());
    }
    List<Process> both = new ArrayList<>();
    for (int i = 0; i < 2; i++) {
      Path log = folder.resolve("log" + i);
      both.add(
          new ProcessBuilder(command)
              .redirectErrorStream(true)
              .redirectOutput(log.toFile())
              .start());
    }
    for (int i = 0; i < 2; i++) {
      Path log = folder.resolve("log" + i);
      assertEquals(Main.OK, both.get(i).waitFor(), () -> PackagedProgram.text(log));
    }
    assertEquals("no library", Files.readString(planted));
    try (Stream<Path> left = Files.list(folder)) {
      assertEquals(3, left.count(), "the private folders are deleted");
    }
  }

  /** As the jar has it. */
  private static String nameOfTheDriversBinding() throws IOException {
    try (JarFile jar = new JarFile(System.getProperty("qgpo.jar"))) {
      return jar.stream()
          .map(entry -> entry.getName().replaceFirst(".*/", ""))
          .filter(name -> name.matches("libJCudaDriver-.*linux.*\\.so"))
          .findFirst()
          .orElseThrow();
    }
  }

  @Test
  void allIsGivenBackAtTheEndOfACommand() {
    Emulator emulator = Emulator.install();
    emulator.idle(true); // the self-check finds nothing then, and is not what this is about
    try {
      int allocations = emulator.allocations();
      int handles = emulator.handles();
      Cli.Outcome outcome = Cli.run("doctor", "--backend=cuda");
      assertTrue(outcome.out().contains("CUDA, emulator, compute capability 8.0"), outcome.out());
      String provider = "matrix products by own kernels in FP32, which fuse what follows a product";
      assertTrue(outcome.out().contains(provider), outcome.out());
      assertEquals(allocations, emulator.allocations());
      assertEquals(handles, emulator.handles());
    } finally {
      emulator.idle(false);
    }
  }
}
