package io.qgpo.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class HtmlPageTest {
  /** Names of folders and settings come from outside. */
  @Test
  void textIsEscaped() {
    String html =
        new HtmlPage("<script>&\"")
            .heading("<b>")
            .paragraph("a < b")
            .table(List.of(List.of("<i>", "1"), List.of("x", "<u>")))
            .definitions(List.of(List.of("k", "<s>")))
            .film("\"><script>", new byte[] {1})
            .picture("<p>", theme -> new byte[] {2})
            .text();
    assertTrue(html.contains("<title>&lt;script&gt;&amp;&quot;</title>"));
    for (String tag : List.of("<script>", "<b>", "< b", "<i>", "<u>", "<s>", "=\"\"><script")) {
      assertFalse(html.contains(tag), tag);
    }
  }

  @Test
  void aPictureIsThereForLightAndForDark() {
    String html = new HtmlPage("t").picture("c", theme -> theme.name().getBytes()).text();
    assertTrue(
        html.contains("(prefers-color-scheme: dark)\" srcset=\"data:image/png;base64,ZGFyaw=="));
    assertTrue(html.contains("src=\"data:image/png;base64,bGlnaHQ=\""));
  }

  @Test
  void aTableHasAHead() {
    String html = new HtmlPage("t").table(List.of(List.of("a", "b"), List.of("1", "2"))).text();
    assertEquals(2, html.split("<th", -1).length - 1);
    assertEquals(2, html.split("<td", -1).length - 1);
  }

  @Test
  void controlCharactersAreNoText() {
    assertEquals("a\uFFFD[2J\uFFFD", HtmlPage.escape("a\u001b[2J\0"));
  }

  /** Where there is little room, keys stand above their values. */
  @Test
  void definitionsAreStackedOnNarrowScreens() {
    String html = new HtmlPage("t").definitions(List.of(List.of("k", "v"))).text();
    assertTrue(html.contains("<table class=\"pairs\">"), html);
    assertTrue(html.contains("@media (max-width: 40rem)"), html);
  }
}
