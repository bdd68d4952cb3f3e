package io.qgpo.help;

import java.util.Map;

/**
 * TeX as far as the manual uses it, in characters: {@code \frac{a}{b}} becomes {@code a / b}, Greek
 * letters themselves, and what is raised or lowered follows ^ or _.
 */
final class PlainFormula {
  private static final Map<String, String> SYMBOLS =
      Map.ofEntries(
          Map.entry("alpha", "α"),
          Map.entry("beta", "β"),
          Map.entry("gamma", "γ"),
          Map.entry("epsilon", "ε"),
          Map.entry("theta", "θ"),
          Map.entry("lambda", "λ"),
          Map.entry("mu", "μ"),
          Map.entry("pi", "π"),
          Map.entry("sigma", "σ"),
          Map.entry("phi", "φ"),
          Map.entry("nabla", "∇"),
          Map.entry("propto", "∝"),
          Map.entry("sum", "∑"),
          Map.entry("Vert", "‖"),
          Map.entry("ln", "ln "),
          Map.entry("min", "min"),
          Map.entry(",", " "),
          Map.entry(";", " "));

  private final String tex;
  private int at;

  private PlainFormula(String tex) {
    this.tex = tex;
  }

  /**
   * A formula in one line.
   *
   * @throws IllegalArgumentException for a command that is not in the table
   */
  static String of(String tex) {
    return new PlainFormula(tex).until('\0').strip().replaceAll("\\s+", " ");
  }

  private String until(char end) {
    var text = new StringBuilder();
    while (at < tex.length() && tex.charAt(at) != end) {
      text.append(next());
    }
    at++;
    return text.toString();
  }

  /** A letter, a command with its arguments, or a group in braces. */
  private String next() {
    char c = tex.charAt(at++);
    return switch (c) {
      case '{' -> until('}');
      case '\\' -> command();
      case '^', '_' -> c + grouped(next());
      default -> String.valueOf(c);
    };
  }

  private String command() {
    int begin = at;
    while (at < tex.length() && Character.isLetter(tex.charAt(at))) {
      at++;
    }
    at = Math.max(at, begin + 1); // such as \,
    String name = tex.substring(begin, at);
    switch (name) {
      case "frac" -> {
        String above = grouped(argument());
        return above + " / " + grouped(argument());
      }
      case "mathbb" -> {
        return argument();
      }
      default -> {
        String symbol = SYMBOLS.get(name);
        if (symbol == null) {
          throw new IllegalArgumentException("no character for the TeX command \\" + name);
        }
        return symbol;
      }
    }
  }

  private String argument() {
    while (tex.charAt(at) == ' ') {
      at++;
    }
    return next();
  }

  /** In parentheses if it is more than a name or a number. */
  private static String grouped(String text) {
    String stripped = text.strip();
    return stripped.matches("[\\p{L}\\d_']*") ? stripped : "(" + stripped + ")";
  }
}
