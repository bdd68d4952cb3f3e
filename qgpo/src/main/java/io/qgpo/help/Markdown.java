package io.qgpo.help;

import java.util.List;
import java.util.Set;
import org.commonmark.Extension;
import org.commonmark.ext.gfm.tables.TablesExtension;
import org.commonmark.node.CustomNode;
import org.commonmark.node.Node;
import org.commonmark.parser.Parser;
import org.commonmark.parser.beta.InlineContentParser;
import org.commonmark.parser.beta.InlineContentParserFactory;
import org.commonmark.parser.beta.InlineParserState;
import org.commonmark.parser.beta.ParsedInline;
import org.commonmark.parser.beta.Position;
import org.commonmark.parser.beta.Scanner;

/** CommonMark with tables, and formulas between dollar signs as on GitHub. */
public final class Markdown {
  /** What it has beyond CommonMark; renderers need them, too. */
  public static final List<Extension> EXTENSIONS = List.of(TablesExtension.create());

  private static final Parser PARSER =
      Parser.builder()
          .extensions(EXTENSIONS)
          .customInlineContentParserFactory(new FormulaParsers())
          .build();

  private Markdown() {}

  /** The tree of a page. */
  public static Node parse(String text) {
    return PARSER.parse(text);
  }

  /** Text that stands for itself in Markdown, also in the cell of a table. */
  static String escape(String text) {
    return text.replaceAll("[\\\\`*_\\[\\]<>|$]", "\\\\$0");
  }

  /** A formula in TeX: {@code $...$} in a line, {@code $$...$$} on lines of its own. */
  public static final class Formula extends CustomNode {
    private final String tex;
    private final boolean display;

    Formula(String tex, boolean display) {
      this.tex = tex;
      this.display = display;
    }

    /** Without the dollar signs. */
    public String tex() {
      return tex;
    }

    /** Whether it stands alone. */
    public boolean display() {
      return display;
    }
  }

  private static final class FormulaParsers implements InlineContentParserFactory {
    @Override
    public Set<Character> getTriggerCharacters() {
      return Set.of('$');
    }

    @Override
    public InlineContentParser create() {
      return FormulaParsers::parse;
    }

    /**
     * A formula ends at as many dollar signs as it begins with; in a line neither end touches white
     * space, so that sums of money remain what they are.
     */
    private static ParsedInline parse(InlineParserState state) {
      Scanner scanner = state.scanner();
      int signs = scanner.matchMultiple('$');
      Position begin = scanner.position();
      while (signs <= 2 && scanner.find('$') >= 0) {
        Position end = scanner.position();
        if (scanner.matchMultiple('$') == signs) {
          String tex = scanner.getSource(begin, end).getContent();
          boolean display = signs == 2;
          if (display || tex.equals(tex.strip())) {
            return ParsedInline.of(new Formula(tex, display), scanner.position());
          }
        }
      }
      return ParsedInline.none();
    }
  }
}
