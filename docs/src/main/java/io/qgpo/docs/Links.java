package io.qgpo.docs;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Where links of the checkout lead to in the site, and whether they lead anywhere. */
final class Links {
  private static final Pattern ELSEWHERE = Pattern.compile("[a-z]+:.*");
  private static final Pattern LINK = Pattern.compile(" (?:href|src)=\"([^\"]*)\"");
  private static final Pattern ANCHOR = Pattern.compile(" id=\"([^\"]*)\"");

  /** From the Markdown file of each page to its HTML file. */
  private final Map<String, String> pages = new TreeMap<>();

  /** Files that pages link to, and that the site must therefore hold. */
  private final TreeSet<String> files = new TreeSet<>();

  Links(List<Page> pages) {
    pages.forEach(page -> this.pages.put(page.source(), page.file()));
  }

  /** The address in the site of what a page of the checkout links to. */
  String inSite(Page page, String link) {
    if (ELSEWHERE.matcher(link).matches() || link.startsWith("#")) {
      return link;
    }
    URI target = URI.create("/" + page.source()).resolve(link);
    String path = target.getPath().substring(1);
    String anchor = target.getFragment() == null ? "" : "#" + target.getFragment();
    String html = pages.get(path);
    if (html != null) {
      return html + anchor;
    }
    files.add(path);
    return path + anchor;
  }

  /** Files of the checkout that pages link to. */
  Iterable<String> files() {
    return files;
  }

  /** What pages link to that the site does not hold: a sentence each. */
  static List<String> broken(Path site) {
    Map<Path, String> html = new TreeMap<>();
    try (var found = Files.list(site)) {
      for (Path file : found.filter(f -> f.toString().endsWith(".html")).toList()) {
        html.put(file, Files.readString(file));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    List<String> broken = new ArrayList<>();
    html.forEach(
        (file, text) -> {
          Matcher links = LINK.matcher(text);
          while (links.find()) {
            String link = links.group(1);
            if (!ELSEWHERE.matcher(link).matches() && !leadsSomewhere(file, link, html)) {
              broken.add(site.relativize(file) + " links to " + link + ", which is not there");
            }
          }
        });
    return broken;
  }

  private static boolean leadsSomewhere(Path from, String link, Map<Path, String> html) {
    String[] parts = link.split("#", 2);
    Path target = parts[0].isEmpty() ? from : from.resolveSibling(parts[0]).normalize();
    if (parts.length == 1) {
      return Files.isRegularFile(target);
    }
    Matcher anchors = ANCHOR.matcher(html.getOrDefault(target, ""));
    return anchors.results().anyMatch(anchor -> anchor.group(1).equals(parts[1]));
  }
}
