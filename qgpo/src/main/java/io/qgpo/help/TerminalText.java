package io.qgpo.help;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.commonmark.ext.gfm.tables.TableBlock;
import org.commonmark.ext.gfm.tables.TableCell;
import org.commonmark.ext.gfm.tables.TableRow;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.BulletList;
import org.commonmark.node.CustomBlock;
import org.commonmark.node.CustomNode;
import org.commonmark.node.FencedCodeBlock;
import org.commonmark.node.Heading;
import org.commonmark.node.ListItem;
import org.commonmark.node.Node;
import org.commonmark.node.OrderedList;
import org.commonmark.node.Paragraph;

/** A page as a manual on a terminal shows it: headings at the margin, all else indented. */
public final class TerminalText extends AbstractVisitor {
  private static final int WIDTH = 100;
  private static final int INDENT = 4;
  private static final String GAP = "  ";

  private final StringBuilder page = new StringBuilder();
  private int number;

  private TerminalText() {}

  /** The text of a page. */
  public static String of(Topic topic) {
    var text = new TerminalText();
    text.page.append("NAME\n");
    text.wrap(topic.name() + " - " + topic.summary(), INDENT, INDENT);
    Markdown.parse(topic.markdown()).accept(text);
    return text.page.toString();
  }

  @Override
  public void visit(Heading heading) {
    String title = InlineText.of(heading);
    if (heading.getLevel() == 1) {
      return; // what NAME says
    }
    page.append('\n').append(title.toUpperCase(Locale.ROOT)).append('\n');
  }

  @Override
  public void visit(Paragraph paragraph) {
    beginBlock(paragraph);
    if (paragraph.getFirstChild() instanceof Markdown.Formula formula
        && formula.display()
        && formula.getNext() == null) {
      wrap(InlineText.of(paragraph), 2 * INDENT, 3 * INDENT);
    } else {
      wrap(InlineText.of(paragraph), INDENT, INDENT);
    }
  }

  @Override
  public void visit(FencedCodeBlock code) {
    beginBlock(code);
    page.append(code.getLiteral().indent(2 * INDENT));
  }

  @Override
  public void visit(BulletList list) {
    beginBlock(list);
    visitChildren(list);
  }

  @Override
  public void visit(OrderedList list) {
    beginBlock(list);
    number = list.getMarkerStartNumber();
    visitChildren(list);
  }

  @Override
  public void visit(ListItem item) {
    String mark = item.getParent() instanceof OrderedList ? number++ + ". " : "- ";
    wrap(mark + InlineText.of(item), INDENT, INDENT + mark.length());
  }

  @Override
  public void visit(CustomBlock block) {
    if (block instanceof TableBlock table) {
      beginBlock(table);
      table(table);
    } else {
      visitChildren(block);
    }
  }

  /** After a heading, text follows at once; else an empty line comes between. */
  private void beginBlock(Node block) {
    boolean first = block.getPrevious() instanceof Heading heading && heading.getLevel() > 1;
    page.append(first ? "" : "\n");
  }

  private void table(TableBlock table) {
    List<List<String>> rows = rows(table);
    int last = rows.getFirst().size() - 1;
    var widths = new int[last];
    int left = INDENT;
    for (int i = 0; i < last; i++) {
      int column = i;
      widths[i] = rows.stream().mapToInt(row -> row.get(column).length()).max().orElseThrow();
      left += widths[i] + GAP.length();
    }
    if (left > WIDTH / 2) {
      entries(rows);
      return;
    }
    for (List<String> row : rows) {
      var cells = new StringBuilder(" ".repeat(INDENT));
      for (int i = 0; i < last; i++) {
        cells.append(row.get(i)).append(" ".repeat(widths[i] - row.get(i).length())).append(GAP);
      }
      wrap(cells, row.get(last), left);
    }
  }

  /** A table too wide for the screen: the first cell, and what belongs to it below. */
  private void entries(List<List<String>> rows) {
    List<String> head = rows.getFirst();
    for (List<String> row : rows.subList(1, rows.size())) {
      wrap(row.get(0), INDENT, 2 * INDENT);
      wrap(row.get(1), 2 * INDENT, 2 * INDENT);
      String rest =
          IntStream.range(2, row.size())
              .mapToObj(i -> head.get(i) + ": " + row.get(i))
              .collect(Collectors.joining("; "));
      if (!rest.isEmpty()) {
        wrap(rest, 2 * INDENT, 2 * INDENT);
      }
    }
  }

  private static List<List<String>> rows(TableBlock table) {
    List<List<String>> rows = new ArrayList<>();
    table.accept(
        new AbstractVisitor() {
          @Override
          public void visit(CustomNode node) {
            if (node instanceof TableRow) {
              rows.add(new ArrayList<>());
            } else if (node instanceof TableCell) {
              rows.getLast().add(InlineText.of(node));
              return;
            }
            visitChildren(node);
          }
        });
    return rows;
  }

  /** Lays words out from one column, further lines from another. */
  private void wrap(String text, int first, int further) {
    wrap(new StringBuilder(" ".repeat(first)), text, further);
  }

  /** Lays words out behind what begins the first line. */
  private void wrap(StringBuilder row, String text, int further) {
    int start = row.length();
    for (String word : text.split("\\s+")) {
      if (row.length() > start && row.length() + 1 + word.length() > WIDTH) {
        page.append(row).append('\n');
        row.setLength(0);
        row.append(" ".repeat(further));
        start = further;
      }
      row.append(row.length() > start ? " " : "").append(word);
    }
    page.append(row.toString().stripTrailing()).append('\n');
  }
}
