package io.qgpo.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MathMlTest {
  private static String inside(String tex) {
    String math = MathMl.of(tex, false);
    String begin = "<math xmlns=\"http://www.w3.org/1998/Math/MathML\">";
    assertTrue(math.startsWith(begin) && math.endsWith("</math>"), math);
    return math.substring(begin.length(), math.length() - "</math>".length());
  }

  @Test
  void fencesAreOperatorsThatDoNotGrow() {
    assertEquals(
        "<mi>Q</mi><mrow><mo stretchy=\"false\">(</mo><mi>s</mi><mo>,</mo><mi>a</mi>"
            + "<mo stretchy=\"false\">)</mo></mrow>",
        inside("Q(s, a)"));
    assertEquals(
        "<mrow><mo stretchy=\"false\">(</mo><mrow><mi>f</mi><mrow><mo stretchy=\"false\">[</mo>"
            + "<mi>x</mi><mo stretchy=\"false\">]</mo></mrow></mrow>"
            + "<mo stretchy=\"false\">)</mo></mrow>",
        inside("(f[x])"));
  }

  @Test
  void lettersAreWhatTheyMean() {
    assertEquals("<mi>&#120124;</mi>", inside("\\mathbb{E}"));
    assertEquals("<msup><mi>s</mi><mo>′</mo></msup>", inside("s'"));
    assertEquals("<mo rspace=\"0.167em\">ln</mo><mi>x</mi>", inside("\\ln x"));
    assertEquals("<mi>x</mi><mo>−</mo><mn>1</mn>", inside("x - 1"));
  }

  @Test
  void aFormulaMayStandAlone() {
    assertTrue(MathMl.of("x", true).contains(" display=\"block\""));
  }

  @Test
  void whatIsNotUnderstoodIsRefused() {
    var e = assertThrows(IllegalArgumentException.class, () -> MathMl.of("\\weather", false));
    assertTrue(e.getMessage().startsWith("formula \\weather: "), e.getMessage());
  }
}
