package io.qgpo.report;

import io.qgpo.report.ReturnSeries.Point;
import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Collection;
import java.util.List;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Returns against guidance scale, a line for each series, with standard errors. */
public final class ReturnsPicture {
  private static final int WIDTH = 720;
  private static final int HEIGHT = 440;

  /** Pixels for one of these, for screens that have many. */
  private static final int SHARP = 2;

  /**
   * Colours that stay apart for those who see few of them (Okabe and Ito 2008), dark ones first.
   */
  private static final Color[] COLORS = {
    new Color(0x0072B2), new Color(0xD55E00), new Color(0x009E73),
    new Color(0xCC79A7), new Color(0xE69F00), new Color(0x56B4E9)
  };

  private ReturnsPicture() {}

  /**
   * Draws it.
   *
   * @param title above it; empty for none
   * @param series at least one
   * @return a PNG file
   */
  public static byte[] png(String title, List<ReturnSeries> series) {
    // Java2D is to draw into memory, and to look for no display, which might be there but closed.
    System.setProperty("java.awt.headless", "true");
    XYChart chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle("guidance scale (0: behaviour, 1: exact policy)")
            .yAxisTitle("return")
            .build();
    chart
        .getStyler()
        .setLegendPosition(LegendPosition.OutsideS)
        .setChartTitleVisible(!title.isEmpty())
        .setChartBackgroundColor(Color.WHITE)
        .setPlotBorderVisible(false)
        .setSeriesColors(COLORS);
    chart.getStyler().setLegendBorderColor(Color.WHITE);
    chart.getStyler().setErrorBarsColorSeriesColor(true);
    chart.getStyler().setYAxisDecimalPattern("0");
    for (ReturnSeries one : series) {
      Collection<Point> points = one.points().values();
      XYSeries line =
          chart.addSeries(
              one.runs() == 1 ? one.name() : one.name() + " (" + one.runs() + " runs)",
              one.points().keySet().stream().mapToDouble(Double::doubleValue).toArray(),
              points.stream().mapToDouble(Point::mean).toArray(),
              points.stream().mapToDouble(Point::error).toArray());
      line.setMarker(SeriesMarkers.CIRCLE).setLineStyle(new BasicStroke(2));
    }
    var image = new BufferedImage(SHARP * WIDTH, SHARP * HEIGHT, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SHARP, SHARP);
    chart.paint(graphics, WIDTH, HEIGHT);
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory
    }
    return bytes.toByteArray();
  }
}
