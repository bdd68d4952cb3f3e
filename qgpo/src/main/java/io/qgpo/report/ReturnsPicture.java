package io.qgpo.report;

import io.qgpo.report.ReturnSeries.Point;
import java.util.Collection;
import java.util.List;

/** Returns against guidance scale, a line for each series, with standard errors. */
public final class ReturnsPicture {
  private ReturnsPicture() {}

  /**
   * Draws it, for light surroundings.
   *
   * @param title above it; empty for none
   * @param series at least one
   * @return a PNG file
   */
  public static byte[] png(String title, List<ReturnSeries> series) {
    return png(title, series, Theme.LIGHT);
  }

  static byte[] png(String title, List<ReturnSeries> series, Theme theme) {
    var picture =
        new Picture(title, "guidance scale (0: behaviour, 1: exact policy)", "return", theme);
    for (ReturnSeries one : series) {
      Collection<Point> points = one.points().values();
      picture.points(
          one.runs() == 1 ? one.name() : one.name() + " (" + one.runs() + " runs)",
          one.points().keySet().stream().mapToDouble(Double::doubleValue).toArray(),
          points.stream().mapToDouble(Point::mean).toArray(),
          points.stream().mapToDouble(Point::error).toArray());
    }
    return picture.png();
  }
}
