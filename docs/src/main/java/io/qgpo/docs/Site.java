package io.qgpo.docs;

import io.qgpo.cli.Main;
import io.qgpo.help.Topic;
import io.qgpo.help.Topics;
import io.qgpo.run.ProgramVersion;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** Makes the site. */
public final class Site {
  /** Modules with Javadoc of their own, in the order in which one would read them. */
  private static final List<String> MODULES = List.of("qgpo", "autograd", "tensor");

  private static final String STYLE = "style.css";

  private static final Pattern HEADING =
      Pattern.compile("<h2 id=\"([^\"]*)\">(.*?)</h2>", Pattern.DOTALL);

  private final Path checkout;
  private final Path site;

  private Site(Path checkout, Path site) {
    this.checkout = checkout;
    this.site = site;
  }

  /**
   * Makes the site, and ends with exit code 1 if a link leads nowhere.
   *
   * @param args the checkout, and the folder to write
   */
  public static void main(String[] args) throws IOException {
    Path folder = Path.of(args[1]);
    List<String> broken = make(Path.of(args[0]), folder);
    broken.forEach(System.err::println);
    System.out.println("The site is " + folder.resolve("index.html"));
    if (!broken.isEmpty()) {
      System.exit(1);
    }
  }

  /**
   * Makes the site.
   *
   * @return what is wrong with its links
   */
  static List<String> make(Path checkout, Path site) throws IOException {
    return new Site(checkout, site).make();
  }

  private List<String> make() throws IOException {
    deleteOld();
    List<Page> pages = pages();
    var links = new Links(pages);
    Files.createDirectories(site);
    copyJavadoc();
    for (Page page : pages) {
      String body = PageHtml.of(page.markdown(), link -> links.inSite(page, link));
      Files.writeString(site.resolve(page.file()), html(page, body, pages));
    }
    for (String file : links.files()) {
      copy(checkout.resolve(file), site.resolve(file));
    }
    try (InputStream style = Site.class.getResourceAsStream(STYLE)) {
      Files.copy(style, site.resolve(STYLE));
    }
    return Links.broken(site);
  }

  private List<Page> pages() throws IOException {
    List<Page> pages = new ArrayList<>();
    pages.add(file("README.md", "index", ""));
    for (Topic topic : new Topics(Main.commandLine().getCommandSpec()).all()) {
      String source = "docs/" + topic.name() + ".md";
      pages.add(new Page(source, topic.name(), topic.summary(), topic.markdown()));
    }
    pages.add(file("ARCHITECTURE.md", "architecture", "how it is built, and why so"));
    pages.add(file("SECURITY.md", "security", "what is trusted, what not"));
    pages.add(file("benchmarks/RESULTS.md", "results", "what was measured, when and how"));
    return pages;
  }

  private Page file(String source, String name, String summary) throws IOException {
    return new Page(source, name, summary, Files.readString(checkout.resolve(source)));
  }

  private String html(Page page, String body, List<Page> pages) {
    var navigation = new StringBuilder();
    for (Page other : pages) {
      boolean here = other.equals(page);
      navigation.append(here ? "<li class=\"here\">" : "<li>");
      navigation.append("<a href=\"%s\">%s</a>".formatted(other.file(), other.title()));
      navigation.append(here ? sections(body) : "").append("</li>\n");
    }
    for (String module : MODULES) {
      if (Files.isDirectory(javadoc(module))) {
        navigation.append(
            "<li><a href=\"api/%1$s/index.html\">Javadoc: %1$s</a></li>%n".formatted(module));
      }
    }
    return """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <title>%s</title>
    <link rel="stylesheet" href="style.css">
    </head>
    <body>
    <nav>
    <input type="checkbox" id="menu"><label for="menu">Contents</label>
    <ul>
    %s</ul>
    </nav>
    <main>
    %s</main>
    <footer>qgpo %s</footer>
    </body>
    </html>
    """
        .formatted(title(page), navigation, body, ProgramVersion.text());
  }

  private static String title(Page page) {
    return page.name().equals("index") ? page.title() : page.title() + " - QGPO for the JVM";
  }

  /** The headings of a page, to go to. */
  private static String sections(String body) {
    var list = new StringBuilder();
    Matcher headings = HEADING.matcher(body);
    while (headings.find()) {
      list.append(
          "<li><a href=\"#%s\">%s</a></li>%n".formatted(headings.group(1), headings.group(2)));
    }
    return list.isEmpty() ? "" : "\n<ul>\n" + list + "</ul>";
  }

  private Path javadoc(String module) {
    return site.resolve("api").resolve(module);
  }

  /** Javadoc of an earlier build must not stay where this one made none. */
  private void deleteOld() throws IOException {
    if (!Files.exists(site)) {
      return;
    }
    try (Stream<Path> files = Files.walk(site)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.delete(file);
      }
    }
  }

  private void copyJavadoc() throws IOException {
    for (String module : MODULES) {
      Path made = checkout.resolve(module).resolve("target/reports/apidocs");
      if (Files.isDirectory(made)) {
        try (Stream<Path> files = Files.walk(made)) {
          for (Path file : files.filter(Files::isRegularFile).toList()) {
            copy(file, javadoc(module).resolve(made.relativize(file)));
          }
        }
      }
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    if (Files.isRegularFile(from)) {
      Files.createDirectories(to.getParent());
      Files.copy(from, to);
    }
  }
}
