package io.qgpo.help;

import java.util.function.Supplier;

/**
 * A page of the manual.
 *
 * @param name as typed after {@code qgpo help}
 * @param summary one line, without a full stop
 * @param source makes or reads the page
 */
public record Topic(String name, String summary, Supplier<String> source) {
  /** The page, beginning with its title as a heading of level 1. */
  public String markdown() {
    return source.get();
  }
}
