package io.qgpo.help;

import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Code;
import org.commonmark.node.CustomNode;
import org.commonmark.node.HardLineBreak;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.node.SoftLineBreak;
import org.commonmark.node.Text;

/** The words inside a block, without what Markdown marks them with. */
final class InlineText extends AbstractVisitor {
  private final StringBuilder words = new StringBuilder();

  private InlineText() {}

  static String of(Node block) {
    var text = new InlineText();
    for (Node child = block.getFirstChild(); child != null; child = child.getNext()) {
      child.accept(text);
    }
    return text.words.toString();
  }

  @Override
  public void visit(Text text) {
    words.append(text.getLiteral());
  }

  @Override
  public void visit(Code code) {
    words.append(code.getLiteral());
  }

  @Override
  public void visit(SoftLineBreak lineBreak) {
    words.append(' ');
  }

  @Override
  public void visit(HardLineBreak lineBreak) {
    words.append(' ');
  }

  /** On a terminal nobody can follow a link: its address is told, if it is one of the web. */
  @Override
  public void visit(Link link) {
    visitChildren(link);
    if (link.getDestination().startsWith("http")) {
      words.append(" (").append(link.getDestination()).append(')');
    }
  }

  @Override
  public void visit(CustomNode node) {
    if (node instanceof Markdown.Formula formula) {
      words.append(PlainFormula.of(formula.tex()));
    } else {
      visitChildren(node);
    }
  }
}
