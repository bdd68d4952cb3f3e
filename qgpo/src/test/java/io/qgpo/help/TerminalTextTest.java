package io.qgpo.help;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TerminalTextTest {
  private static String text(String markdown) {
    return TerminalText.of(new Topic("x", "an example", () -> "# Example\n" + markdown))
        .replaceFirst("NAME\n    x - an example\n", "");
  }

  @Test
  void headingsStandAtTheMarginAndTextIsWrappedAndIndented() {
    String sentence = "word ".repeat(30).strip();
    assertEquals(
        """

        FIRST
            %s
            %s

            A `$` is a $, 5 $ too. See page, site (https://example.org).
        """
            .formatted("word ".repeat(19).strip(), "word ".repeat(11).strip())
            .replace("`$`", "$"),
        text(
            """
            ## First
            %s

            A `$` is a $, 5 $ too. See [page](page.md), [site](https://example.org).
            """
                .formatted(sentence)));
  }

  @Test
  void listsKeepTheirNumbersAndCodeIsAsItIs() {
    assertEquals(
        """

            3. one two
            4. three

            - a

                x  =  1
                  y
        """,
        text(
            """

            3. one
               two
            4. *three*

            - a

            ```
            x  =  1
              y
            ```
            """));
  }

  @Test
  void narrowTablesAreColumnsAndWideOnesEntries() {
    assertEquals(
        """

            name    what
            a       one
            longer  two | three
        """,
        text("\n|name|what|\n|---|---|\n|a|one|\n|longer|two \\| three|\n"));
    String wide = "w".repeat(50);
    assertEquals(
        """

            a
                %s
                third: 3; fourth: 4
        """
            .formatted(wide),
        text("\n|first|second|third|fourth|\n|---|---|---|---|\n|a|%s|3|4|\n".formatted(wide)));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "a_t = \\alpha_t a; a_t = α_t a",
        "e^{\\beta Q(s, a)}; e^(β Q(s, a))",
        "\\frac{\\beta_1 - \\beta_0}{4} t^2; (β_1 - β_0) / 4 t^2",
        "\\frac 12; 1 / 2",
        "\\mathbb{E}[x]\\,y; E[x] y",
        "\\ln \\alpha; ln α",
      })
  void formulasAreCharacters(String tex, String expected) {
    assertEquals(expected, PlainFormula.of(tex));
  }

  @Test
  void aFormulaOfAnUnknownCommandIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> PlainFormula.of("\\oint x"));
    assertEquals("no character for the TeX command \\oint", e.getMessage());
  }
}
