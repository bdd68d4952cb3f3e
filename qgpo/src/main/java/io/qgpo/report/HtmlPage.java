package io.qgpo.report;

import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** An HTML page that needs nothing but itself: no scripts, no network, light and dark. */
final class HtmlPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --line: #d0d7de; --faint: #59636e; }
      @media (prefers-color-scheme: dark) { :root { --line: #30363d; --faint: #9198a1; } }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem;
        background: light-dark(#ffffff, #0d1117); color: light-dark(#1f2328, #e6edf3); }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem;
        border-bottom: 1px solid var(--line); }
      .grid { display: grid; gap: 1rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
      figure { margin: 0; max-width: 40rem; } figcaption, .faint { color: var(--faint); font-size: .9rem; }
      img { max-width: 100%; height: auto; }
      .wide { overflow-x: auto; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .25rem .75rem .25rem 0; text-align: right; white-space: nowrap;
        border-bottom: 1px solid var(--line); }
      th:first-child, td:first-child { text-align: left; }
      td.text { text-align: left; white-space: normal; overflow-wrap: anywhere; }
      """;

  private final StringBuilder body = new StringBuilder();
  private final String title;

  HtmlPage(String title) {
    this.title = title;
    body.append("<h1>").append(escape(title)).append("</h1>\n");
  }

  /** Text as HTML. */
  static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  HtmlPage heading(String text) {
    body.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  HtmlPage paragraph(String text) {
    body.append("<p>").append(escape(text)).append("</p>\n");
    return this;
  }

  /** What follows until {@link #endGrid} stands side by side where there is room. */
  HtmlPage beginGrid() {
    body.append("<div class=\"grid\">\n");
    return this;
  }

  HtmlPage endGrid() {
    body.append("</div>\n");
    return this;
  }

  /** A picture, drawn for light and for dark, with what it shows in words. */
  HtmlPage picture(String caption, Function<Theme, byte[]> png) {
    body.append("<figure><picture><source media=\"(prefers-color-scheme: dark)\" srcset=\"")
        .append(data("image/png", png.apply(Theme.DARK)))
        .append("\"><img alt=\"")
        .append(escape(caption))
        .append("\" src=\"")
        .append(data("image/png", png.apply(Theme.LIGHT)))
        .append("\"></picture><figcaption>")
        .append(escape(caption))
        .append("</figcaption></figure>\n");
    return this;
  }

  /** A film. */
  HtmlPage film(String caption, byte[] gif) {
    body.append("<figure><img alt=\"")
        .append(escape(caption))
        .append("\" src=\"")
        .append(data("image/gif", gif))
        .append("\"><figcaption>")
        .append(escape(caption))
        .append("</figcaption></figure>\n");
    return this;
  }

  /** A table of numbers: the first row is its head, the first column says what a row is. */
  HtmlPage table(List<List<String>> rows) {
    beginTable().row("th", "", rows.getFirst());
    rows.stream().skip(1).forEach(row -> row("td", "", row));
    return endTable();
  }

  /** A table of two columns, what and its value. */
  HtmlPage definitions(List<List<String>> rows) {
    beginTable();
    rows.forEach(row -> row("td", " class=\"text\"", row));
    return endTable();
  }

  private HtmlPage beginTable() {
    body.append("<div class=\"wide\"><table>\n");
    return this;
  }

  private HtmlPage endTable() {
    body.append("</table></div>\n");
    return this;
  }

  private void row(String tag, String attributes, List<String> cells) {
    body.append("<tr>");
    for (int i = 0; i < cells.size(); i++) {
      body.append('<').append(tag).append(i == 0 ? "" : attributes).append('>');
      body.append(escape(cells.get(i))).append("</").append(tag).append('>');
    }
    body.append("</tr>\n");
  }

  private static String data(String type, byte[] bytes) {
    return "data:" + type + ";base64," + Base64.getEncoder().encodeToString(bytes);
  }

  /** The whole page. */
  String text() {
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <style>
    %s</style>
    </head>
    <body>
    %s</body>
    </html>
    """
        .formatted(escape(title), STYLE, body);
  }
}
