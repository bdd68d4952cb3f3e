package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CompareCommandTest {
  @TempDir Path folder;

  @BeforeEach
  void evaluations() throws IOException {
    evaluation("s0", "{'guidance': 0, 'return_mean': 10, 'return_sd': 4}");
    evaluation(
        "s1",
        "{'guidance': 0, 'return_mean': 20, 'return_sd': 4},"
            + " {'guidance': 1.5, 'return_mean': 2000, 'return_sd': 8}");
  }

  private void evaluation(String run, String results) throws IOException {
    Path file = Files.createDirectory(folder.resolve(run)).resolve("evaluation.json");
    String json = "{'env': 'hopper', 'episodes': 4, 'results': [" + results + "]}";
    Files.writeString(file, json.replace('\'', '"'));
  }

  private Cli.Outcome compare(String... args) {
    List<String> all = new ArrayList<>(List.of("compare"));
    for (String arg : args) {
      all.add(arg.replace("@", folder + "/"));
    }
    return Cli.run(all.toArray(String[]::new));
  }

  @Test
  void showsRunsSideBySide() {
    Cli.Outcome outcome = compare("both=@s0,@s1", "@s1", "file=@s0/evaluation.json");
    assertEquals("", outcome.err());
    assertEquals(
        """
        guidance             both               s1              file
               0   15.0 +- 5.000   20.0 +- 2.000   10.0 +- 2.000
             1.5               -   2000 +- 4.000               -
        means and standard errors: over runs where a column has several, else over episodes
        """
            .lines()
            .map(line -> line.strip().replaceAll(" +", " "))
            .toList(),
        outcome.out().lines().map(line -> line.strip().replaceAll(" +", " ")).toList());
    List<String> lines = outcome.out().lines().toList();
    assertEquals(lines.get(0).length(), lines.get(1).length());
    assertEquals(lines.get(0).length(), lines.get(2).length());
  }

  @Test
  void drawsALineForEach() throws IOException {
    int[] blue = pixels("both=@s0,@s1", "--title=A title");
    assertTrue(blue[0] > 100 && blue[1] == 0, blue[0] + " pixels of the first series' colour");
    int[] both = pixels("both=@s0,@s1", "one=@s1");
    assertTrue(both[0] > 100 && both[1] > 500, both[1] + " pixels of the second's");
  }

  /** How many are of the first and of the second series' colour. */
  private int[] pixels(String... args) throws IOException {
    Path picture = folder.resolve("returns.png");
    String[] all = Arrays.copyOf(args, args.length + 1);
    all[args.length] = "--picture=" + picture;
    Cli.Outcome outcome = compare(all);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    BufferedImage image = ImageIO.read(picture.toFile());
    int[] found = new int[2];
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int color = image.getRGB(x, y) & 0xFFFFFF;
        found[0] += color == 0x0072B2 ? 1 : 0;
        found[1] += color == 0xD55E00 ? 1 : 0;
      }
    }
    return found;
  }

  @Test
  void faultsAreRefusedInOneSentence() throws IOException {
    assertFault("Missing required parameter: '[NAME=]RUN[,RUN...]'; see 'qgpo compare --help'");
    Cli.Outcome outcome = compare("@none");
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().startsWith("qgpo: Could not read " + folder), outcome.err());
    Path other = Files.createDirectory(folder.resolve("s2")).resolve("evaluation.json");
    Files.writeString(
        other, Files.readString(folder.resolve("s0/evaluation.json")).replace("hopper", "walker"));
    assertFault("x: expected runs of one environment, found hopper and walker", "x=@s0,@s2");
    assertFault(
        "--picture: expected a file in a folder that exists, found no folder "
            + folder.resolve("no"),
        "@s0",
        "--picture=@no/a.png");
    assertFalse(Files.exists(folder.resolve("no")));
  }

  private void assertFault(String message, String... args) {
    Cli.Outcome outcome = compare(args);
    assertEquals("qgpo: " + message + "." + System.lineSeparator(), outcome.err());
    assertEquals(Main.USAGE_ERROR, outcome.code());
  }

  @Test
  void makesAPageOfReturnsAndLosses() throws IOException {
    metrics("s0", 1, 2, 3);
    metrics("s1", 3, 2);
    Path page = folder.resolve("page.html");
    Cli.Outcome outcome = compare("ours=@s0,@s1", "one=@s0", "--title=a & b", "--out=" + page);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    String html = Files.readString(page);
    assertTrue(html.contains("<h1>a &amp; b</h1>"));
    assertTrue(html.contains("<th>ours</th>"));
    assertEquals(1, html.split("Behaviour: denoising loss\"", -1).length - 1);
    assertFalse(html.contains("Critic: squared"), "nothing was written of the critic");
    assertFalse(html.contains("<script") || html.contains("href"));
  }

  /** Offline data without an environment are the usual case. */
  @Test
  void lossesNeedNoReturns() throws IOException {
    notEvaluated("c1");
    notEvaluated("c2");
    Path page = folder.resolve("page.html");
    Cli.Outcome outcome = compare("@c1", "@c2", "--out=" + page);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    assertEquals("Losses with bands over seeds are in " + page, outcome.out().strip());
    String html = Files.readString(page);
    assertFalse(html.contains("<h2>Returns"));
    assertTrue(html.contains("Behaviour: denoising loss"));
    assertFault(
        "compare: expected runs with returns, found none of %s, %s; 'qgpo evaluate --run DIR --env NAME' measures them, and --out FILE.html compares losses without"
            .formatted(folder.resolve("c1"), folder.resolve("c2")),
        "@c1",
        "@c2");
    outcome = compare("@c1", "--out=" + page, "--picture=@p.png");
    assertTrue(outcome.err().startsWith("qgpo: --picture: expected runs with"), outcome.err());
  }

  @Test
  void returnsAreThoseOfColumnsThatAreEvaluated() throws IOException {
    notEvaluated("c1");
    Path page = folder.resolve("page.html");
    Cli.Outcome outcome = compare("@s0", "half=@s1,@c1", "--out=" + page);
    assertEquals(Main.OK, outcome.code(), outcome.err());
    List<String> lines = outcome.out().lines().toList();
    assertEquals("guidance              s0", lines.getFirst());
    assertEquals("no returns of half: not evaluated are " + folder.resolve("c1"), lines.get(3));
    assertTrue(Files.readString(page).contains("<h2>Returns"));
  }

  private void notEvaluated(String run) throws IOException {
    Path config = Files.createDirectory(folder.resolve(run)).resolve("config.json");
    Files.writeString(config, "{}");
    metrics(run, 1, 2);
  }

  /** Folders of a sweep are called so. */
  @Test
  void whatExistsIsAPath() throws IOException {
    String results = "{'guidance': 1, 'return_mean': %s, 'return_sd': 4}";
    evaluation("energy.beta=1-seed0", results.formatted(1));
    evaluation("energy.beta=1,critic.tau=.1-seed0", results.formatted(2));
    evaluation("energy.beta=1,critic.tau=.1-seed1", results.formatted(4));
    Cli.Outcome outcome =
        compare(
            "@energy.beta=1-seed0",
            "@energy.beta=1,critic.tau=.1-seed0,@energy.beta=1,critic.tau=.1-seed1",
            "x=@energy.beta=1-seed0,@energy.beta=1,critic.tau=.1-seed1");
    assertEquals("", outcome.err());
    List<String> lines = outcome.out().lines().map(line -> line.replaceAll(" +", " ")).toList();
    assertEquals("guidance energy.beta=1-seed0 energy.beta=1,critic.tau=.1-seed0 x", lines.get(0));
    assertEquals("1 1.000 +- 2.000 3.000 +- 1.000 2.500 +- 1.500", lines.get(1));
  }

  @Test
  void columnsAreToldApartByTheirFolders() throws IOException {
    Files.createDirectories(folder.resolve("a/x"));
    Files.createDirectories(folder.resolve("b/x"));
    evaluation("a/x/seed0", "{'guidance': 1, 'return_mean': 10, 'return_sd': 4}");
    evaluation("b/x/seed0", "{'guidance': 1, 'return_mean': 10, 'return_sd': 4}");
    metrics("a/x/seed0", 1, 2);
    metrics("b/x/seed0", 1, 2);
    Cli.Outcome outcome = compare("@a/x/seed0", "@s1", "@b/x/seed0", "--out=@page.html");
    assertEquals(Main.OK, outcome.code(), outcome.err());
    String head = outcome.out().lines().findFirst().orElseThrow();
    assertEquals("guidance a/x/seed0 s1 b/x/seed0", head.replaceAll(" +", " "));
    outcome = compare("@s1", "s1=@s0");
    head = outcome.out().lines().findFirst().orElseThrow();
    assertEquals("guidance " + folder.getFileName() + "/s1 s1", head.replaceAll(" +", " "));
  }

  /** What a band or a mean of two runs is called in a picture. */
  @Test
  void noNameOfAColumnClashes() throws IOException {
    metrics("s0", 1, 2);
    metrics("s1", 1, 2);
    for (String name : List.of("s0, band", "s0 (2 runs)", "0", "1")) {
      Cli.Outcome outcome = compare("s0=@s0,@s1", name + "=@s0", "--out=@page.html");
      assertEquals(Main.OK, outcome.code(), outcome.err());
    }
  }

  @Test
  void whatIsGivenTwiceIsRefused() {
    String names =
        "compare: expected columns of different names, found '%s' twice; name them as in NAME=RUN";
    assertFault(names.formatted("x"), "x=@s0", "x=@s1");
    assertFault(names.formatted("s0"), "@s0", "@s0");
    String twice = "compare: expected different runs in a column, found %s twice";
    assertFault(twice.formatted(folder + "/s0"), "@s0,@s1,@s0");
    assertFault(twice.formatted(folder + "/s0/evaluation.json"), "x=@s0,@s0/evaluation.json");
    assertFault(
        "compare: expected runs with single commas between them, found '%s/s0,,%s/s1'"
            .formatted(folder, folder),
        "x=@s0,,@s1");
  }

  private void metrics(String run, double... losses) throws IOException {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < losses.length; i++) {
      lines.append(
          "{\"stage\":\"behaviour\",\"step\":%d,\"loss\":%s}%n"
              .formatted(100 * (i + 1), losses[i]));
    }
    Files.writeString(folder.resolve(run).resolve("metrics.jsonl"), lines);
  }
}
