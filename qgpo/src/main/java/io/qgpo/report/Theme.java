package io.qgpo.report;

import java.awt.Color;

/**
 * Colours of a picture, for light and for dark surroundings.
 *
 * @param name as in a style sheet
 * @param background behind everything
 * @param text of titles and axes
 * @param grid lines across the plot
 */
public record Theme(String name, Color background, Color text, Color grid) {
  /** On white. */
  public static final Theme LIGHT =
      new Theme("light", Color.WHITE, new Color(0x1F2328), new Color(0xD0D7DE));

  /** On nearly black. */
  public static final Theme DARK =
      new Theme("dark", new Color(0x0D1117), new Color(0xE6EDF3), new Color(0x30363D));
}
