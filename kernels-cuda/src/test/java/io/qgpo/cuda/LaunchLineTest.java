package io.qgpo.cuda;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.tensor.kernel.KernelException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class LaunchLineTest {
  private static LaunchLine parse(String line) {
    return LaunchLine.parse("// a kernel\n" + line + "\nint x;\n", "my.cu");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "// qgpo: tile 64 x 32, threads 256 | tile 64 x 32, threads 256, shared 0 | 4 | 2",
        "  //qgpo:threads  128 ,tile 1 x 1,shared 512 | tile 1 x 1, threads 128, shared 512 | 100 |"
            + " 70",
        "// qgpo: elements 1024, threads 256 | elements 1024, threads 256, shared 0 | 7 | 1",
        "// qgpo: rows 3, threads 32, precision fp32 | rows 3, threads 32, shared 0 | 24 | 1",
        "// qgpo: columns 7, threads 1024, precision tf32 | columns 7, threads 1024, shared 0,"
            + " precision tf32 | 15 | 1",
      })
  void saysHowManyBlocksThereAre(String line, String same, int x, int y) {
    LaunchLine launch = parse(line);
    assertEquals(same, launch.toString());
    assertEquals(new Grid(x, y, 1), launch.grid(70, 100));
    assertEquals(launch, parse("// qgpo: " + launch));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "// nothing | found none",
        "// qgpo: tile 1 x 1, threads 1%n// qgpo: tile 1 x 1, threads 1 | found 2 of them",
        "// qgpo: | expected a clause that is known, found ''",
        "// qgpo: tile 64, threads 1 | found 'tile 64'",
        "// qgpo: tile 0 x 4, threads 1 | expected a tile of at least 1 x 1, found 0 x 4",
        "// qgpo: tile 4 x 4, rows 2, threads 1 | found rows and tile",
        "// qgpo: threads 4 | expected one of tile, elements, rows and columns, found none",
        "// qgpo: rows 4 | expected threads from 1 to 1024, found none",
        "// qgpo: rows 4, threads 0 | found 0",
        "// qgpo: rows 4, threads 4, threads 4 | found 'threads 4' again",
        "// qgpo: rows 4, threads 4, shared 999999 | expected shared from 0 to 232448, found"
            + " 999999",
        "// qgpo: rows 4, threads 4, precision fp16 | found 'precision fp16'",
        "// qgpo: rows 9999999999, threads 4 | found 'rows 9999999999'",
      })
  void refusesWhatItDoesNotUnderstand(String line, String told) {
    KernelException refused = assertThrows(KernelException.class, () -> parse(line.formatted()));
    assertTrue(refused.getMessage().startsWith("my.cu: "), refused.getMessage());
    assertTrue(refused.getMessage().contains(told), refused.getMessage());
  }

  @Test
  void moreBlocksDownwardsThanThereCanBeAreRefused() {
    LaunchLine launch = parse("// qgpo: tile 1 x 8, threads 32");
    KernelException refused = assertThrows(KernelException.class, () -> launch.grid(70_000, 1));
    assertTrue(refused.getMessage().contains("take larger tiles"), refused.getMessage());
  }
}
