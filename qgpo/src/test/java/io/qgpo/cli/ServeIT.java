package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.TrainedRuns;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code qgpo serve} as a user starts and ends it. */
@Timeout(120)
class ServeIT {
  private static final Pattern ADDRESS = Pattern.compile("Serving .* at (http://127.0.0.1:\\d+)");

  @TempDir static Path folder;
  private static Path run;

  @BeforeAll
  static void train() {
    run = folder.resolve("run");
    TrainedRuns.train(run, "behaviour.steps=20", "critic.steps=5", "energy.steps=5");
  }

  private static List<String> serve(String... more) {
    var arguments = new ArrayList<>(List.of("serve", "--run=" + run, "--port=0"));
    arguments.addAll(List.of(more));
    return arguments;
  }

  @Test
  void servesUntilItIsAskedToEnd() throws Exception {
    Path log = folder.resolve("serve.log");
    Process server = PackagedProgram.start(serve(), log);
    try {
      Matcher address = ADDRESS.matcher(PackagedProgram.text(log));
      while (server.isAlive() && !address.reset(PackagedProgram.text(log)).find()) {
        Thread.sleep(20);
      }
      assertTrue(address.find(0), () -> PackagedProgram.text(log));
      HttpRequest act =
          HttpRequest.newBuilder(URI.create(address.group(1) + "/act"))
              .POST(BodyPublishers.ofString("{\"state\": [1, 2, 0, 0]}"))
              .build();
      HttpResponse<String> answer = HttpClient.newHttpClient().send(act, BodyHandlers.ofString());
      assertEquals(200, answer.statusCode(), answer.body());
    } finally {
      server.destroy();
    }
    assertTrue(server.waitFor(60, TimeUnit.SECONDS));
    assertFalse(PackagedProgram.text(log).contains("Exception"), () -> PackagedProgram.text(log));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "--port=70000 | --port: expected a whole number from 0 to 65535, found 70000",
        "--waiting=0 | --waiting: expected a whole number from 1 to",
        "--checkpoint=first | --checkpoint: expected last or best, found 'first'",
        "--host=no.such.host.invalid | --host: expected the address of this machine",
        "--host= | --host: expected the address of this machine, found none",
        "--host=192.0.2.1 | cannot listen at 192.0.2.1:0",
      })
  void wrongArgumentsAreOneSentence(String argument, String message) {
    List<String> arguments = serve(argument);
    if (argument.startsWith("--port")) {
      arguments.remove("--port=0");
    }
    // Not by auto: other tests of this JVM may have made the emulator its GPU.
    arguments.add("--backend=scalar");
    Cli.Outcome outcome = Cli.run(arguments.toArray(String[]::new));
    assertEquals(Main.USAGE_ERROR, outcome.code());
    assertTrue(outcome.err().contains(message), outcome.err());
  }
}
