package io.qgpo.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import uk.ac.ed.ph.snuggletex.SnuggleEngine;
import uk.ac.ed.ph.snuggletex.SnuggleInput;
import uk.ac.ed.ph.snuggletex.SnuggleSession;
import uk.ac.ed.ph.snuggletex.XMLStringOutputOptions;
import uk.ac.ed.ph.snuggletex.utilities.MathMLUtilities;

/**
 * Formulas in TeX as MathML, which browsers set. SnuggleTeX writes MathML 2; what MathML Core,
 * which browsers know, has no longer is put in other words here.
 */
final class MathMl {
  private static final Set<String> FENCES = Set.of("(", ")", "[", "]", "|", "\u2016");

  private static final SnuggleEngine ENGINE = new SnuggleEngine();

  private MathMl() {}

  /**
   * A formula as an element {@code math}.
   *
   * @param display whether it stands on a line of its own
   * @throws IllegalArgumentException for TeX that is not understood
   */
  static String of(String tex, boolean display) {
    SnuggleSession session = ENGINE.createSession();
    String signs = display ? "$$" : "$";
    try {
      session.parseInput(new SnuggleInput(signs + tex + signs));
    } catch (IOException e) {
      throw new UncheckedIOException(e); // of text in memory: never
    }
    Node math = session.buildDOMSubtree().item(0);
    if (!session.getErrors().isEmpty()) {
      throw new IllegalArgumentException("formula %s: %s".formatted(tex, session.getErrors()));
    }
    modernise((Element) math);
    return MathMLUtilities.serializeElement((Element) math, new XMLStringOutputOptions());
  }

  private static void modernise(Element element) {
    for (Node child : children(element)) {
      if (child instanceof Element inner) {
        modernise(inner);
      }
    }
    switch (element.getLocalName()) {
      case "mfenced" -> fences(element);
      case "mi" -> letter(element);
      case "mo" -> operator(element);
      default -> {}
    }
  }

  /** Fences with commas between what they hold, as a row of operators and operands. */
  private static void fences(Element fenced) {
    Document document = fenced.getOwnerDocument();
    Element row = element(document, "mrow", "");
    row.appendChild(operator(element(document, "mo", fenced.getAttribute("open"))));
    List<Node> held = children(fenced);
    for (int i = 0; i < held.size(); i++) {
      if (i > 0) {
        row.appendChild(element(document, "mo", ","));
      }
      row.appendChild(held.get(i));
    }
    row.appendChild(operator(element(document, "mo", fenced.getAttribute("close"))));
    fenced.getParentNode().replaceChild(row, fenced);
  }

  /** As in TeX: what fences does not grow with what it stands beside, and minus is no hyphen. */
  private static Element operator(Element operator) {
    if (FENCES.contains(operator.getTextContent())) {
      operator.setAttribute("stretchy", "false");
    } else if (operator.getTextContent().equals("-")) {
      operator.setTextContent("\u2212");
    }
    return operator;
  }

  /**
   * Double-struck letters are characters of their own, a prime is no variable, and names of more
   * letters are functions, with a space behind them.
   */
  private static void letter(Element identifier) {
    String text = identifier.getTextContent();
    if (identifier.getAttribute("mathvariant").equals("double-struck")) {
      identifier.removeAttribute("mathvariant");
      int letter = Character.codePointOf("MATHEMATICAL DOUBLE-STRUCK CAPITAL " + text);
      identifier.setTextContent(Character.toString(letter));
    } else if (text.equals("'")) {
      Element prime = element(identifier.getOwnerDocument(), "mo", "\u2032");
      identifier.getParentNode().replaceChild(prime, identifier);
    } else if (text.length() > 1) {
      Element function = element(identifier.getOwnerDocument(), "mo", text);
      function.setAttribute("rspace", "0.167em");
      identifier.getParentNode().replaceChild(function, identifier);
    }
  }

  private static Element element(Document document, String name, String text) {
    Element element = document.createElementNS("http://www.w3.org/1998/Math/MathML", name);
    element.setTextContent(text);
    return element;
  }

  /** Copied, so that the tree may change meanwhile. */
  private static List<Node> children(Node parent) {
    List<Node> children = new ArrayList<>();
    for (Node child = parent.getFirstChild(); child != null; child = child.getNextSibling()) {
      children.add(child);
    }
    return children;
  }
}
