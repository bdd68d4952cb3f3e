// Draws docs/returns_time.png. The numbers are those of benchmarks/RESULTS.md, "A third of the
// time" and
// "Whole trainings"; the authors' is that of README.md's table:
//
//   java -cp qgpo/target/qgpo.jar docs/returns_time.java docs/returns_time.png

import java.awt.BasicStroke;
import java.awt.Color;
import java.io.IOException;
import org.knowm.xchart.BitmapEncoder;
import org.knowm.xchart.BitmapEncoder.BitmapFormat;
import org.knowm.xchart.XYChart;
import org.knowm.xchart.XYChartBuilder;
import org.knowm.xchart.XYSeries;
import org.knowm.xchart.XYSeries.XYSeriesRenderStyle;
import org.knowm.xchart.style.Styler.LegendPosition;
import org.knowm.xchart.style.markers.SeriesMarkers;

class ReturnsTime {
  private static final double LAST_MINUTE = 34;

  private final XYChart chart =
      new XYChartBuilder()
          .width(1120)
          .height(720)
          .title("halfcheetah, 40,000 transitions: return against the time of training")
          .xAxisTitle("minutes on two cores, returns included")
          .yAxisTitle("mean return of 60 episodes, standard error")
          .build();

  public static void main(String[] args) throws IOException {
    var plot = new ReturnsTime();
    plot.line("good half of the data", 3108, new Color(0x2E7D32));
    plot.line("medium half", 985, new Color(0xB07030));
    plot.line(".85 of the good half", 2642, Color.GRAY);
    plot.points(
        "quick, guidance 1.5, seeds 0 1 2 (Zen 4; seed 2's time was not taken)",
        new Color(0x1F6FB4),
        new double[] {8.03, 8.22, 8.22},
        new double[] {3117, 2697, 2875},
        new double[] {147, 196, 190});
    plot.points(
        "half of its updates, seed 0 (Zen 5)",
        new Color(0xCF4A5E),
        new double[] {4.13},
        new double[] {2741},
        new double[] {194});
    plot.points(
        "quick as it was, guidance 1, seeds 0 1 2 (Zen 4; the least of their times)",
        new Color(0x7A4F94),
        new double[] {31.95, 31.95, 31.95},
        new double[] {2741, 2816, 3071},
        new double[] {172, 173, 167});
    plot.points(
        "authors' PyTorch code, its best scale, 0, 10 episodes",
        Color.DARK_GRAY,
        new double[] {28},
        new double[] {111},
        new double[] {59});
    plot.write(args[0]);
  }

  private void line(String name, double value, Color color) {
    XYSeries series =
        chart.addSeries(name, new double[] {0, LAST_MINUTE}, new double[] {value, value});
    series.setMarker(SeriesMarkers.NONE).setLineColor(color);
    float[] dots = {3, 3};
    series.setLineStyle(
        new BasicStroke(2, BasicStroke.CAP_BUTT, BasicStroke.JOIN_MITER, 1, dots, 0));
  }

  private void points(String name, Color color, double[] x, double[] y, double[] error) {
    XYSeries series = chart.addSeries(name, x, y, error);
    series.setXYSeriesRenderStyle(XYSeriesRenderStyle.Scatter);
    series.setMarker(SeriesMarkers.CIRCLE).setMarkerColor(color).setLineColor(color);
  }

  private void write(String file) throws IOException {
    chart.getStyler().setLegendPosition(LegendPosition.InsideSW);
    chart.getStyler().setChartBackgroundColor(Color.WHITE);
    chart.getStyler().setXAxisMin(0.0).setXAxisMax(LAST_MINUTE);
    BitmapEncoder.saveBitmap(chart, file.replaceFirst("\\.png$", ""), BitmapFormat.PNG);
  }
}
