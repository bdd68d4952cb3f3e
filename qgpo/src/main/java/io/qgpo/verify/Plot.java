package io.qgpo.verify;

import io.qgpo.report.Picture;
import java.util.function.Supplier;

/**
 * A picture of the page.
 *
 * @param file its name beside the page
 * @param caption what is to be seen
 * @param picture draws it
 */
public record Plot(String file, String caption, Supplier<Picture> picture) {}
