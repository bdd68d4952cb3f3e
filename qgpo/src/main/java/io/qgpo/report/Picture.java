package io.qgpo.report;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.text.DecimalFormat;
import java.text.DecimalFormatSymbols;
import java.util.Locale;
import javax.imageio.ImageIO;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.XYStyler;
import org.knowm.xchart.style.markers.SeriesMarkers;

/** Lines over a plane, as a PNG: what all pictures here look like. */
public final class Picture {
  private static final int WIDTH = 560;
  private static final int HEIGHT = 360;

  /** Pixels for one of these, for screens that have many. */
  private static final int SHARP = 2;

  /** Of the marks to the right, so that numbers of five digits have room. */
  private static final int SPACING = 80;

  /** Numbers outside of these are written with an exponent. */
  private static final double SMALL = 1e-3;

  private static final double LARGE = 1e7;

  /**
   * Colours that stay apart for those who see few of them (Okabe and Ito 2008), dark ones first.
   */
  private static final Color[] COLORS = {
    new Color(0x0072B2),
    new Color(0xD55E00),
    new Color(0x009E73),
    new Color(0xCC79A7),
    new Color(0xE69F00),
    new Color(0x56B4E9),
    new Color(0x999999)
  };

  /** Of 255: lines and other bands stay visible through one. */
  private static final int BAND_ALPHA = 60;

  private final XYChart chart;
  private int lines;

  /**
   * An empty plane.
   *
   * @param title above it; empty for none
   * @param x what is to the right
   * @param y what is upwards
   */
  Picture(String title, String x, String y, Theme theme) {
    chart =
        new XYChartBuilder()
            .width(WIDTH)
            .height(HEIGHT)
            .title(title)
            .xAxisTitle(x)
            .yAxisTitle(y)
            .build();
    XYStyler style = chart.getStyler();
    style.setChartTitleVisible(!title.isEmpty());
    style.setSeriesColors(COLORS);
    style.setLegendPosition(LegendPosition.OutsideS);
    style.setLegendBorderColor(theme.background());
    style.setLegendBackgroundColor(theme.background());
    style.setChartBackgroundColor(theme.background());
    style.setPlotBackgroundColor(theme.background());
    style.setPlotBorderVisible(false);
    style.setPlotGridLinesColor(theme.grid());
    style.setChartFontColor(theme.text());
    style.setAxisTickLabelsColor(theme.text());
    style.setAxisTickMarksColor(theme.grid());
    style.setErrorBarsColorSeriesColor(true);
    style.setXAxisTickMarkSpacingHint(SPACING);
    style.setxAxisTickLabelsFormattingFunction(Picture::label);
    Font font = new Font(Font.SANS_SERIF, Font.PLAIN, 13);
    style.setAxisTickLabelsFont(font);
    style.setAxisTitleFont(font);
    style.setLegendFont(font);
  }

  /** The same on white. */
  public static Picture light(String title, String x, String y) {
    return new Picture(title, x, y, Theme.LIGHT);
  }

  /** Has both axes logarithmic: all numbers are to be above 0. */
  public Picture logarithmic() {
    XYStyler style = chart.getStyler();
    style.setXAxisLogarithmic(true);
    style.setYAxisLogarithmic(true);
    // With a format of its own the axis would be marked as if it were not logarithmic.
    style.setxAxisTickLabelsFormattingFunction(null);
    return this;
  }

  /**
   * Short, as in 12.5k: the library makes the marks denser than long numbers allow, and of numbers
   * of a hundred digits it never finds an end.
   */
  private static String label(double x) {
    double size = Math.abs(x);
    boolean plain = size == 0 || size >= SMALL && size < LARGE;
    String pattern = plain ? "0.####" : "0.##E0";
    String text =
        new DecimalFormat(pattern, DecimalFormatSymbols.getInstance(Locale.ROOT))
            .format(plain && size >= 1000 ? x / 1000 : x);
    return plain && size >= 1000 ? text + "k" : text;
  }

  /** Has the names beside the plane, where many short ones take less room than below it. */
  public Picture namesBeside() {
    chart.getStyler().setLegendPosition(LegendPosition.OutsideE);
    return this;
  }

  /** As {@link #line}, for what begins at 0. */
  public Picture lineFromZero(String name, double[] x, double[] y) {
    chart.getStyler().setXAxisMin(0.0);
    return line(name, x, y);
  }

  /** A line through points, without marks. */
  public Picture line(String name, double[] x, double[] y) {
    series(name, x, y, null).setMarker(SeriesMarkers.NONE);
    return this;
  }

  /** A line from 0 on, in a band of this half width. */
  Picture band(String name, double[] x, double[] y, double[] errors) {
    Color color = COLORS[lines++ % COLORS.length];
    int n = x.length;
    double[] aroundX = new double[2 * n];
    double[] aroundY = new double[2 * n];
    for (int i = 0; i < n; i++) {
      aroundX[i] = x[i];
      aroundY[i] = y[i] + errors[i];
      aroundX[2 * n - 1 - i] = x[i];
      aroundY[2 * n - 1 - i] = y[i] - errors[i];
    }
    XYSeries band = chart.addSeries(key(), aroundX, aroundY);
    band.setXYSeriesRenderStyle(XYSeriesRenderStyle.PolygonArea);
    band.setFillColor(new Color(color.getRed(), color.getGreen(), color.getBlue(), BAND_ALPHA));
    band.setLineColor(new Color(0, 0, 0, 0));
    band.setMarker(SeriesMarkers.NONE);
    band.setShowInLegend(false);
    chart.getStyler().setXAxisMin(0.0);
    XYSeries line = series(name, x, y, null);
    line.setMarker(SeriesMarkers.NONE);
    line.setLineColor(color);
    chart.getStyler().setLegendVisible(lines > 1);
    return this;
  }

  /** Points with bars of this half length, joined by a line. */
  public Picture points(String name, double[] x, double[] y, double[] errors) {
    series(name, x, y, errors).setMarker(SeriesMarkers.CIRCLE);
    return this;
  }

  private XYSeries series(String name, double[] x, double[] y, double[] errors) {
    XYSeries series = chart.addSeries(key(), x, y, errors);
    series.setLabel(name);
    series.setLineStyle(new BasicStroke(2));
    chart.getStyler().setLegendVisible(chart.getSeriesMap().size() > 1);
    return series;
  }

  /** The library tells series apart by it; names, which are shown, may be anything. */
  private String key() {
    return Integer.toString(chart.getSeriesMap().size());
  }

  /** The picture as a PNG file. */
  public byte[] png() {
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
