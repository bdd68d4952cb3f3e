package io.qgpo.report;

import java.util.Base64;
import java.util.List;
import java.util.function.Function;

/** An HTML page that needs nothing but itself: no scripts, no network, light and dark. */
public final class HtmlPage {
  private static final String STYLE =
      """
      :root { color-scheme: light dark; --back: light-dark(#ffffff, #0d1117);
        --line: light-dark(#d0d7de, #30363d); --faint: light-dark(#59636e, #9198a1);
        --shadow: light-dark(#0004, #fff4); }
      body { font: 16px/1.5 system-ui, sans-serif; max-width: 72rem; margin: 0 auto; padding: 1rem;
        background: var(--back); color: light-dark(#1f2328, #e6edf3); overflow-wrap: anywhere; }
      h1 { font-size: 1.5rem; } h2 { font-size: 1.2rem; margin-top: 2.5rem;
        border-bottom: 1px solid var(--line); }
      .grid { display: grid; gap: 1rem;
        grid-template-columns: repeat(auto-fit, minmax(min(100%, 24rem), 1fr)); }
      figure { margin: 0; max-width: 40rem; } figcaption { color: var(--faint); font-size: .9rem; }
      img { max-width: 100%; height: auto; }
      .film { border: 1px solid var(--line); border-radius: .5rem; }
      /* Where there is more to the side, a shadow is there: what covers it moves with the table. */
      .wide { overflow-x: auto; margin: 1rem 0;
        background: linear-gradient(to right, var(--back) 50%, transparent) left / 3rem 100%,
          linear-gradient(to left, var(--back) 50%, transparent) right / 3rem 100%,
          linear-gradient(to right, var(--shadow), transparent) left / 1rem 100%,
          linear-gradient(to left, var(--shadow), transparent) right / 1rem 100%;
        background-repeat: no-repeat; background-attachment: local, local, scroll, scroll; }
      table { border-collapse: collapse; font-variant-numeric: tabular-nums; }
      th, td { padding: .25rem .75rem .25rem 0; text-align: right; vertical-align: baseline;
        border-bottom: 1px solid var(--line); overflow-wrap: normal; }
      td { white-space: nowrap; }
      th:first-child, td:first-child { text-align: left; white-space: normal; }
      td.text { text-align: left; white-space: normal; overflow-wrap: anywhere; }
      @media (max-width: 40rem) {
        table { font-size: .9rem; } th, td { padding-right: .5rem; }
        .pairs td { display: block; } .pairs td:first-child { border: 0; padding-bottom: 0;
          color: var(--faint); } .pairs td.text { padding-top: 0; }
      }
      @media (prefers-color-scheme: dark) { .film { filter: invert(.92) hue-rotate(180deg); } }
      """;

  private final StringBuilder body = new StringBuilder();
  private final String title;

  /** A page of this title and nothing else yet. */
  public HtmlPage(String title) {
    this.title = title;
    body.append("<h1>").append(escape(title)).append("</h1>\n");
  }

  /** Text as HTML, which has no control characters. */
  static String escape(String text) {
    return text.replaceAll("\\p{Cntrl}", "\uFFFD")
        .replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("\"", "&quot;");
  }

  /** The heading of a part. */
  public HtmlPage heading(String text) {
    body.append("<h2>").append(escape(text)).append("</h2>\n");
    return this;
  }

  /** A paragraph. */
  public HtmlPage paragraph(String text) {
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
  public HtmlPage picture(String caption, Function<Theme, byte[]> png) {
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

  /** A film, of a drawing on white: in the dark its brightness is turned round, not its hues. */
  HtmlPage film(String caption, byte[] gif) {
    body.append("<figure><img class=\"film\" alt=\"")
        .append(escape(caption))
        .append("\" src=\"")
        .append(data("image/gif", gif))
        .append("\"><figcaption>")
        .append(escape(caption))
        .append("</figcaption></figure>\n");
    return this;
  }

  /** A table of numbers: the first row is its head, the first column says what a row is. */
  public HtmlPage table(List<List<String>> rows) {
    beginTable("").row("th", "", rows.getFirst());
    rows.stream().skip(1).forEach(row -> row("td", "", row));
    return endTable();
  }

  /** A table of two columns, what and its value; one above the other where there is little room. */
  HtmlPage definitions(List<List<String>> rows) {
    beginTable(" class=\"pairs\"");
    rows.forEach(row -> row("td", " class=\"text\"", row));
    return endTable();
  }

  private HtmlPage beginTable(String attributes) {
    body.append("<div class=\"wide\"><table").append(attributes).append(">\n");
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
  public String text() {
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
