package io.qgpo.docs;

import io.qgpo.help.Markdown;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.commonmark.ext.heading.anchor.HeadingAnchorExtension;
import org.commonmark.node.AbstractVisitor;
import org.commonmark.node.Image;
import org.commonmark.node.Link;
import org.commonmark.node.Node;
import org.commonmark.renderer.NodeRenderer;
import org.commonmark.renderer.html.HtmlNodeRendererContext;
import org.commonmark.renderer.html.HtmlRenderer;
import org.commonmark.renderer.html.HtmlWriter;

/** Markdown as HTML. */
final class PageHtml {
  private static final HtmlRenderer RENDERER =
      HtmlRenderer.builder()
          .extensions(
              Stream.concat(
                      Markdown.EXTENSIONS.stream(), Stream.of(HeadingAnchorExtension.create()))
                  .toList())
          .nodeRendererFactory(Formulas::new)
          .build();

  private PageHtml() {}

  /**
   * The inside of a page.
   *
   * @param links gives each link and picture the address that it has in the site
   */
  static String of(String markdown, UnaryOperator<String> links) {
    Node tree = Markdown.parse(markdown);
    tree.accept(
        new AbstractVisitor() {
          @Override
          public void visit(Link link) {
            link.setDestination(links.apply(link.getDestination()));
            visitChildren(link);
          }

          @Override
          public void visit(Image image) {
            image.setDestination(links.apply(image.getDestination()));
          }
        });
    // A table wider than the screen scrolls by itself, not the page with it.
    return RENDERER
        .render(tree)
        .replace("<table>", "<div class=\"wide\"><table>")
        .replace("</table>", "</table></div>");
  }

  private record Formulas(HtmlWriter html) implements NodeRenderer {
    Formulas(HtmlNodeRendererContext context) {
      this(context.getWriter());
    }

    @Override
    public Set<Class<? extends Node>> getNodeTypes() {
      return Set.of(Markdown.Formula.class);
    }

    @Override
    public void render(Node node) {
      var formula = (Markdown.Formula) node;
      html.raw(MathMl.of(formula.tex(), formula.display()));
    }
  }
}
