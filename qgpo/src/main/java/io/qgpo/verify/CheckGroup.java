package io.qgpo.verify;

import java.util.List;

/** Checks of one topic, and the pictures that belong to them. */
public interface CheckGroup {
  /** One word, as after {@code qgpo verify --only}. */
  String name();

  /** A heading of the page. */
  String title();

  /** A paragraph of the page, in Markdown: what is compared with what. */
  String about();

  /** The checks; those of one object share what they compute. */
  List<Check> checks();

  /** A table in Markdown of what is measured here without being right or wrong; empty for none. */
  default String table() {
    return "";
  }

  /** Pictures of what the checks have found; made after them. */
  default List<Plot> plots() {
    return List.of();
  }
}
