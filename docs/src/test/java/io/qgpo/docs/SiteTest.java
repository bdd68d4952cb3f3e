package io.qgpo.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SiteTest {
  private static final Path CHECKOUT = Path.of("..");

  @TempDir Path folder;

  @Test
  void theSiteOfThisCheckoutIsWhole() throws IOException {
    Path site = folder.resolve("site");
    assertEquals(List.of(), Site.make(CHECKOUT, site));
    String algorithm = Files.readString(site.resolve("algorithm.html"));
    assertTrue(algorithm.contains("<title>The algorithm - QGPO for the JVM</title>"), algorithm);
    assertTrue(algorithm.contains("<li><a href=\"#3-critic\">3. Critic</a></li>"), algorithm);
    assertTrue(algorithm.contains("<a href=\"architecture.html\">ARCHITECTURE.md</a>"), algorithm);
    assertTrue(algorithm.contains("<math xmlns=\"http://www.w3.org/1998/Math/MathML\">"));
    String commands = Files.readString(site.resolve("commands.html"));
    assertTrue(commands.contains("<h2 id=\"qgpo-dataset-convert\">"), commands);
    assertTrue(commands.contains("<td><code>--guidance W</code></td>"), commands);
    assertTrue(commands.contains("qgpo export --run runs/hopper --format onnx"), commands);
    String settings = Files.readString(site.resolve("settings.html"));
    assertTrue(settings.contains("<td><code>energy.beta</code></td>"), settings);
    assertTrue(settings.contains("<div class=\"wide\"><table>"), settings);
  }

  /** As far as one can tell from the text: nothing is fetched, nothing runs. */
  @Test
  void pagesNeedNoNetworkAndNoScripts() throws IOException {
    Site.make(CHECKOUT, folder);
    try (var pages = Files.list(folder)) {
      for (Path page : pages.filter(p -> p.toString().endsWith(".html")).toList()) {
        String text = Files.readString(page);
        assertFalse(text.contains("<script"), page.toString());
        assertFalse(text.matches("(?s).*(src|<link[^>]*href)=\"https?:.*"), page.toString());
      }
    }
  }

  private Path checkout(String readme) throws IOException {
    Path checkout = folder.resolve("checkout");
    write(checkout.resolve("README.md"), readme);
    for (String file : List.of("ARCHITECTURE.md", "SECURITY.md", "benchmarks/RESULTS.md")) {
      write(checkout.resolve(file), "# Page\n");
    }
    // What the manual's pages link to.
    write(checkout.resolve("docs/example/src/main/java/com/example/Thermostat.java"), "x");
    Path docs = CHECKOUT.resolve("docs");
    try (var files = Files.walk(docs, 2)) {
      for (Path file : files.filter(f -> f.toString().matches(".*\\.(png|py|cu)")).toList()) {
        write(checkout.resolve("docs").resolve(docs.relativize(file)), "x");
      }
    }
    return checkout;
  }

  private static void write(Path file, String text) throws IOException {
    Files.createDirectories(file.getParent());
    Files.writeString(file, text);
  }

  @Test
  void linksThatLeadNowhereAreTold() throws IOException {
    Path checkout =
        checkout(
            """
            # Title
            [a](docs/files.md), [b](docs/files.md#exported-files), [c](docs/files.md#weather)
            ![d](docs/none.png) [e](#title) [f](#rain) [g](docs/example) [h](https://example.org)
            """);
    assertEquals(
        List.of(
            "index.html links to files.html#weather, which is not there",
            "index.html links to docs/none.png, which is not there",
            "index.html links to #rain, which is not there",
            "index.html links to docs/example, which is not there"),
        Site.make(checkout, folder.resolve("site")));
  }

  @Test
  void javadocIsThereIfTheBuildMadeIt() throws IOException {
    Path checkout = checkout("# Title\n");
    Path site = folder.resolve("site");
    Path made = checkout.resolve("tensor/target/reports/apidocs");
    write(made.resolve("index.html"), "all");
    write(made.resolve("io/qgpo/tensor/Tensor.html"), "a class");
    assertEquals(List.of(), Site.make(checkout, site));
    assertTrue(Files.readString(site.resolve("index.html")).contains("Javadoc: tensor"));
    assertEquals(
        "a class", Files.readString(site.resolve("api/tensor/io/qgpo/tensor/Tensor.html")));

    Files.delete(made.resolve("io/qgpo/tensor/Tensor.html"));
    Files.delete(made.resolve("index.html"));
    Files.delete(made.resolve("io/qgpo/tensor"));
    Files.delete(made.resolve("io/qgpo"));
    Files.delete(made.resolve("io"));
    Files.delete(made);
    assertEquals(List.of(), Site.make(checkout, site));
    assertFalse(Files.exists(site.resolve("api")));
    assertFalse(Files.readString(site.resolve("index.html")).contains("Javadoc"));
  }
}
