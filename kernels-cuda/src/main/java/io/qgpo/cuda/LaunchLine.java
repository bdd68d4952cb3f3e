package io.qgpo.cuda;

import io.qgpo.cuda.CudaKernel.Grid;
import io.qgpo.cuda.ProductKernels.Precision;
import io.qgpo.tensor.kernel.KernelException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * How a kernel of a user's is launched, as a comment in its source says:
 *
 * <pre>// qgpo: tile 64 x 64, threads 256, shared 0</pre>
 *
 * @param work what a block takes of the result
 * @param down rows of the result that a block takes; elements of it for {@link Work#ELEMENTS}; 0
 *     where it takes all
 * @param across columns of the result that a block takes; 0 where it takes all
 * @param threads of a block
 * @param sharedBytes of dynamic shared memory
 * @param precision how near the results must come
 */
record LaunchLine(
    Work work, int down, int across, int threads, int sharedBytes, Precision precision) {
  /** What a block takes of the result. */
  enum Work {
    TILE,
    ELEMENTS,
    ROWS,
    COLUMNS
  }

  /** What is understood, for help and errors. */
  static final String SYNTAX =
      "// qgpo: WORK, threads N [, shared BYTES] [, precision fp32|tf32], where WORK is one of"
          + " 'tile ROWS x COLUMNS', 'elements N', 'rows N', 'columns N'";

  static final String EXAMPLE = "// qgpo: tile 64 x 64, threads 256, shared 0";

  private static final Pattern LINE = Pattern.compile("(?m)^[ \\t]*//[ \\t]*qgpo:(.*)$");
  private static final Pattern TILE = Pattern.compile("tile (\\d{1,9}) x (\\d{1,9})");
  private static final Pattern COUNT =
      Pattern.compile("(elements|rows|columns|threads|shared) (\\d{1,9})");
  private static final Pattern PRECISION = Pattern.compile("precision (fp32|tf32)");

  /** The most threads of a block, and blocks downwards (CUDA C++ Programming Guide). */
  private static final int MOST_THREADS = 1024;

  private static final int MOST_BLOCKS_DOWN = 65535;

  /** The most shared memory that a block of any GPU can have: 227 KiB. */
  private static final int MOST_SHARED = 227 * 1024;

  /**
   * Reads the line of a source.
   *
   * @param file for messages
   * @throws KernelException if there is not exactly one, or it says something else
   */
  static LaunchLine parse(String source, String file) {
    List<String> lines = new ArrayList<>();
    Matcher matcher = LINE.matcher(source);
    while (matcher.find()) {
      lines.add(matcher.group(1).strip());
    }
    if (lines.size() != 1) {
      throw new KernelException(
          "%s: expected one line that says how the kernel is launched, as in '%s', found %s"
              .formatted(file, EXAMPLE, lines.isEmpty() ? "none" : lines.size() + " of them"));
    }
    return new Clauses(lines.getFirst(), file).launch();
  }

  /** The clauses of a line, each at most once. */
  private static final class Clauses {
    private final String line;
    private final String file;
    private final Map<String, Integer> counts = new HashMap<>();
    private Precision precision;
    private int[] tile;

    Clauses(String line, String file) {
      this.line = line;
      this.file = file;
      for (String part : line.split(",", -1)) {
        read(part.strip().replaceAll("\\s+", " "));
      }
    }

    private void read(String clause) {
      Matcher two = TILE.matcher(clause);
      Matcher one = COUNT.matcher(clause);
      Matcher word = PRECISION.matcher(clause);
      boolean again;
      if (two.matches()) {
        again = tile != null;
        tile = new int[] {Integer.parseInt(two.group(1)), Integer.parseInt(two.group(2))};
      } else if (one.matches()) {
        again = counts.put(one.group(1), Integer.parseInt(one.group(2))) != null;
      } else if (word.matches()) {
        again = precision != null;
        precision = word.group(1).equals("tf32") ? Precision.TF32 : Precision.FP32;
      } else {
        throw wrong("a clause that is known", "'" + clause + "'");
      }
      if (again) {
        throw wrong("each clause once", "'" + clause + "' again");
      }
    }

    LaunchLine launch() {
      Set<String> works = new TreeSet<>(counts.keySet());
      works.removeAll(Set.of("threads", "shared"));
      if (tile != null) {
        works.add("tile");
      }
      if (works.size() != 1) {
        throw wrong(
            "one of tile, elements, rows and columns",
            works.isEmpty() ? "none" : String.join(" and ", works));
      }
      int threads = count("threads", 1, MOST_THREADS);
      int shared = counts.containsKey("shared") ? count("shared", 0, MOST_SHARED) : 0;
      Precision near = precision == null ? Precision.FP32 : precision;
      return switch (works.iterator().next()) {
        case "tile" -> {
          if (tile[0] < 1 || tile[1] < 1) {
            throw wrong("a tile of at least 1 x 1", tile[0] + " x " + tile[1]);
          }
          yield new LaunchLine(Work.TILE, tile[0], tile[1], threads, shared, near);
        }
        case "elements" ->
            new LaunchLine(Work.ELEMENTS, some("elements"), 0, threads, shared, near);
        case "rows" -> new LaunchLine(Work.ROWS, some("rows"), 0, threads, shared, near);
        default -> new LaunchLine(Work.COLUMNS, 0, some("columns"), threads, shared, near);
      };
    }

    private int some(String clause) {
      return count(clause, 1, 999_999_999);
    }

    private int count(String clause, int least, int most) {
      Integer count = counts.get(clause);
      if (count == null || count < least || count > most) {
        throw wrong(
            "%s from %d to %d".formatted(clause, least, most), count == null ? "none" : "" + count);
      }
      return count;
    }

    private KernelException wrong(String expected, String found) {
      return new KernelException(
          "%s: the line '// qgpo: %s': expected %s, found %s; it is written as %s"
              .formatted(file, line, expected, found, SYNTAX));
    }
  }

  /**
   * The blocks for a result.
   *
   * @throws KernelException if a GPU cannot launch so many
   */
  Grid grid(int rows, int columns) {
    Grid grid =
        switch (work) {
          case TILE -> new Grid(GemmPlan.ceil(columns, across), GemmPlan.ceil(rows, down), 1);
          case ELEMENTS -> new Grid(GemmPlan.ceil(Math.multiplyExact(rows, columns), down), 1, 1);
          case ROWS -> new Grid(GemmPlan.ceil(rows, down), 1, 1);
          case COLUMNS -> new Grid(GemmPlan.ceil(columns, across), 1, 1);
        };
    if (grid.y() > MOST_BLOCKS_DOWN) {
      throw new KernelException(
          "a result of %d rows in tiles of %d rows: expected at most %d blocks downwards, found %d; take larger tiles"
              .formatted(rows, down, MOST_BLOCKS_DOWN, grid.y()));
    }
    return grid;
  }

  @Override
  public String toString() {
    String what =
        switch (work) {
          case TILE -> "tile %d x %d".formatted(down, across);
          case ELEMENTS -> "elements " + down;
          case ROWS -> "rows " + down;
          case COLUMNS -> "columns " + across;
        };
    return "%s, threads %d, shared %d%s"
        .formatted(
            what, threads, sharedBytes, precision == Precision.TF32 ? ", precision tf32" : "");
  }
}
