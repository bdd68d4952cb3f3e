package io.qgpo.docs;

/**
 * A page of the site.
 *
 * @param source its Markdown file, relative to the checkout, which links are relative to; of a page
 *     made of the code, where such a file would be
 * @param name of the HTML file, without its ending
 * @param summary one line, or empty
 * @param markdown what it says
 */
record Page(String source, String name, String summary, String markdown) {
  /** The HTML file, in the site's folder. */
  String file() {
    return name + ".html";
  }

  /** The text of the first heading. */
  String title() {
    return markdown.lines().findFirst().orElseThrow().replaceFirst("^# ", "");
  }
}
