package io.qgpo.toy;

import io.qgpo.algorithm.QgpoConfig.EnergyLoss;
import io.qgpo.report.Theme;
import java.awt.Color;
import java.awt.Font;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Rectangle2D;
import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import javax.imageio.ImageIO;

/**
 * The paper's figure of a set: to the left the data and the log-density of the behaviour's score,
 * then for each beta the truth and below it the samples of each method, all coloured by e.
 */
final class ToyPicture {
  private static final int PANEL = 200;
  private static final int GAP = 10;
  private static final int LEFT = 64;
  private static final int TOP = 30;

  /** Pixels for one of these, for screens that have many. */
  private static final int SHARP = 2;

  /** Points in a panel: more would hide one another. */
  private static final int MOST_POINTS = 10_000;

  private static final double POINT = 1.3;

  /** For e from 0 to 1: stay apart for those who see few colours, on light and on dark. */
  private static final Color[] ENERGY_COLORS = {
    new Color(0x2166AC), new Color(0x8A5FA8), new Color(0xD1495B), new Color(0xE9912A)
  };

  private static final Color DENSITY_COLOR = new Color(0x0072B2);

  /** The log-density is shown from so far below its largest on. */
  private static final double DENSITY_RANGE = 10;

  private final ToyRun run;
  private final Theme theme;
  private final Graphics2D graphics;

  private ToyPicture(ToyRun run, Theme theme, Graphics2D graphics) {
    this.run = run;
    this.theme = theme;
    this.graphics = graphics;
  }

  /** Draws it as a PNG file. */
  static byte[] png(ToyRun run, Theme theme) {
    List<EnergyLoss> methods = List.copyOf(run.columns().getFirst().samples().keySet());
    int width = LEFT + (1 + run.columns().size()) * (PANEL + GAP);
    int height = TOP + (1 + methods.size()) * (PANEL + GAP);
    var image = new BufferedImage(SHARP * width, SHARP * height, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.scale(SHARP, SHARP);
    graphics.setRenderingHint(RenderingHints.KEY_ANTIALIASING, RenderingHints.VALUE_ANTIALIAS_ON);
    graphics.setRenderingHint(
        RenderingHints.KEY_TEXT_ANTIALIASING, RenderingHints.VALUE_TEXT_ANTIALIAS_ON);
    graphics.setFont(new Font(Font.SANS_SERIF, Font.PLAIN, 13));
    graphics.setColor(theme.background());
    graphics.fillRect(0, 0, width, height);
    new ToyPicture(run, theme, graphics).draw(methods);
    graphics.dispose();
    var bytes = new ByteArrayOutputStream();
    try {
      ImageIO.write(image, "png", bytes);
    } catch (IOException e) {
      throw new UncheckedIOException(e); // memory
    }
    return bytes.toByteArray();
  }

  private void draw(List<EnergyLoss> methods) {
    above(0, "data");
    points(0, 0, run.data().points(), run.data().energies());
    density(0, 1);
    beside(0, "truth");
    for (int row = 0; row < methods.size(); row++) {
      beside(row + 1, methods.get(row).name());
    }
    for (int i = 0; i < run.columns().size(); i++) {
      ToyRun.Column column = run.columns().get(i);
      above(i + 1, "beta " + ToyTable.plain(column.beta()));
      points(i + 1, 0, column.truth(), energies(column.truth()));
      for (int row = 0; row < methods.size(); row++) {
        // A run under way has not all methods of its last beta: an empty panel.
        float[] samples = column.samples().getOrDefault(methods.get(row), new float[0]);
        points(i + 1, row + 1, samples, energies(samples));
      }
    }
  }

  private float[] energies(float[] points) {
    float[] energies = new float[points.length / 2];
    for (int i = 0; i < energies.length; i++) {
      energies[i] = (float) run.set().energy(points[2 * i], points[2 * i + 1]);
    }
    return energies;
  }

  private void above(int column, String text) {
    graphics.setColor(theme.text());
    int width = graphics.getFontMetrics().stringWidth(text);
    graphics.drawString(text, left(column) + (PANEL - width) / 2, TOP - 10);
  }

  private void beside(int row, String text) {
    graphics.setColor(theme.text());
    int width = graphics.getFontMetrics().stringWidth(text);
    graphics.drawString(text, LEFT - 10 - width, top(row) + PANEL / 2);
  }

  private static int left(int column) {
    return LEFT + column * (PANEL + GAP);
  }

  private static int top(int row) {
    return TOP + row * (PANEL + GAP);
  }

  private void frame(int column, int row) {
    graphics.setColor(theme.grid());
    graphics.drawRect(left(column), top(row), PANEL, PANEL);
  }

  private void points(int column, int row, float[] points, float[] energies) {
    double reach = run.set().reach();
    int n = Math.min(energies.length, MOST_POINTS);
    Graphics2D panel = (Graphics2D) graphics.create(left(column), top(row), PANEL, PANEL);
    for (int i = 0; i < n; i++) {
      double x = (points[2 * i] + reach) / (2 * reach) * PANEL;
      double y = (reach - points[2 * i + 1]) / (2 * reach) * PANEL;
      panel.setColor(color(energies[i]));
      panel.fill(new Rectangle2D.Double(x - POINT / 2, y - POINT / 2, POINT, POINT));
    }
    panel.dispose();
    frame(column, row);
  }

  private void density(int column, int row) {
    DensityMap map = run.density();
    double largest = Double.NEGATIVE_INFINITY;
    for (double log : map.logDensity()) {
      largest = Math.max(largest, log);
    }
    var cells = new BufferedImage(map.side(), map.side(), BufferedImage.TYPE_INT_RGB);
    for (int i = 0; i < map.logDensity().length; i++) {
      double share = 1 - (largest - map.logDensity()[i]) / DENSITY_RANGE;
      Color color = between(theme.background(), DENSITY_COLOR, Math.clamp(share, 0.0, 1.0));
      cells.setRGB(i % map.side(), map.side() - 1 - i / map.side(), color.getRGB());
    }
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(cells, left(column), top(row), PANEL, PANEL, null);
    frame(column, row);
    graphics.setColor(theme.text());
    graphics.drawString("log-density", left(column) + 6, top(row) + 16);
  }

  private static Color color(double energy) {
    double at = Math.clamp(energy, 0.0, 1.0) * (ENERGY_COLORS.length - 1);
    int below = Math.min((int) at, ENERGY_COLORS.length - 2);
    return between(ENERGY_COLORS[below], ENERGY_COLORS[below + 1], at - below);
  }

  private static Color between(Color a, Color b, double share) {
    return new Color(
        (int) Math.round(a.getRed() + share * (b.getRed() - a.getRed())),
        (int) Math.round(a.getGreen() + share * (b.getGreen() - a.getGreen())),
        (int) Math.round(a.getBlue() + share * (b.getBlue() - a.getBlue())));
  }
}
