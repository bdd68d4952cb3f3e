package io.qgpo.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.qgpo.TrainedRuns;
import io.qgpo.run.RunException;
import io.qgpo.run.TrainedPolicy;
import io.qgpo.tensor.Backends;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Timeout(60)
class PolicyServerTest {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final HttpClient CLIENT = HttpClient.newHttpClient();

  @TempDir static Path folder;
  private static PolicyServer server;

  @BeforeAll
  static void start() throws Exception {
    TrainedRuns.train(folder.resolve("run"));
    var anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    server = new PolicyServer(policy(), anyPort, 1024, 0);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  /** Each server has a policy of its own, since only its own thread may use it. */
  private static TrainedPolicy policy() {
    return TrainedPolicy.load(
        folder.resolve("run"), Backends.choose("auto", 1).backend(), System.err::println);
  }

  private static HttpRequest.Builder request(String path) {
    return HttpRequest.newBuilder(
        URI.create("http://127.0.0.1:" + server.address().getPort() + path));
  }

  private static HttpResponse<String> get(String path) throws Exception {
    return CLIENT.send(request(path).build(), BodyHandlers.ofString());
  }

  private static HttpResponse<String> act(String body) throws Exception {
    return CLIENT.send(
        request("/act").POST(BodyPublishers.ofString(body)).build(), BodyHandlers.ofString());
  }

  private static JsonNode answer(String body) throws Exception {
    HttpResponse<String> response = act(body);
    assertEquals(200, response.statusCode(), response.body());
    assertEquals("application/json", response.headers().firstValue("Content-Type").orElseThrow());
    return JSON.readTree(response.body());
  }

  private static float[] floats(JsonNode array) {
    float[] values = new float[array.size()];
    for (int i = 0; i < values.length; i++) {
      values[i] = array.get(i).floatValue();
    }
    return values;
  }

  @Test
  void aSeedGivesWhatThePolicyGives() throws Exception {
    JsonNode answer = answer("{\"state\": [1, 2, 0, 0], \"guidance\": 2, \"seed\": 5}");
    TrainedPolicy policy = policy();
    float[] expected = policy.act(new float[] {1, 2, 0, 0}, 1, 1, 2, policy.rng(5));
    assertArrayEquals(expected, floats(answer.get("action")));
    assertEquals(1, answer.size());
  }

  @Test
  void withoutASeedEachActionIsAnother() throws Exception {
    String body = "{\"states\": [[1, 2, 0, 0], [1, 2, 0, 0]]}";
    JsonNode first = answer(body).get("actions");
    assertEquals(2, first.size());
    assertNotEquals(first.get(0), first.get(1));
    assertNotEquals(first, answer(body).get("actions"));
  }

  @Test
  void requestsOfManyAtOnceAreAllAnswered() throws Exception {
    List<CompletableFuture<HttpResponse<String>>> answers = new ArrayList<>();
    for (int i = 0; i < 300; i++) {
      String body = "{\"state\": [1, %d, 0, 0], \"guidance\": %d}".formatted(i % 7, i % 2);
      answers.add(
          CLIENT.sendAsync(
              request("/act").POST(BodyPublishers.ofString(body)).build(),
              BodyHandlers.ofString()));
    }
    for (var answer : answers) {
      HttpResponse<String> response = answer.get();
      assertEquals(200, response.statusCode(), response.body());
      assertEquals(2, JSON.readTree(response.body()).get("action").size());
    }
    String metrics = get("/metrics").body();
    assertTrue(metric(metrics, "qgpo_actions_total") >= 300, metrics);
    assertTrue(
        metric(metrics, "qgpo_batches_total") < metric(metrics, "qgpo_actions_total"), metrics);
    assertEquals(0, metric(metrics, "qgpo_waiting_states"));
    assertTrue(metric(metrics, "qgpo_requests_total{code=\"200\"}") >= 300, metrics);
    assertTrue(metric(metrics, "qgpo_act_seconds_count") >= 300, metrics);
  }

  private static double metric(String text, String name) {
    return text.lines()
        .filter(line -> line.startsWith(name + " "))
        .mapToDouble(line -> Double.parseDouble(line.substring(name.length() + 1)))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + text));
  }

  @Test
  void health() throws Exception {
    JsonNode health = JSON.readTree(get("/health").body());
    assertEquals("ok", health.get("status").asText());
    assertEquals(4, health.get("stateSize").asInt());
    assertEquals(2, health.get("actionSize").asInt());
    assertEquals(700, health.get("step").asInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"state\": [1, 2, 0]} | state 0: expected a list of 4 numbers, found 3",
        "{\"state\": 1} | 'state': expected a list",
        "{\"states\": [1]} | state 0: expected a list of 4 numbers, found no list",
        "{\"states\": [[1, 2, 0, 0], [1, 2, 0, \"x\"]]} | state 1: expected finite numbers",
        "{\"state\": [1, 2, 0, 1e99]} | state 0: expected finite numbers, found none at 3",
        "{\"states\": {\"a\": [1, 2, 0, 0]}} | 'states': expected a list",
        "{\"states\": 7} | 'states': expected a list",
        "{\"states\": []} | 'states': expected 1 to 1024 lists, found 0",
        "{\"state\": [1, 2, 0, 0], \"states\": []} | expected one of 'state'",
        "{\"guidance\": 1} | expected one of 'state'",
        "{\"state\": [1, 2, 0, 0], \"scale\": 1} | expected the keys",
        "{\"state\": [1, 2, 0, 0], \"guidance\": -1} | 'guidance': expected a number from 0 to",
        "{\"state\": [1, 2, 0, 0], \"seed\": 1.5} | 'seed': expected a whole number",
        "{\"state\": [1, 2, 0, 0], \"state\": [1, 2, 0, 0]} | expected JSON, found otherwise",
        "{\"state\": [1, 2 | expected JSON, found otherwise at line 1",
        "[] | expected a JSON object",
        "`` | expected a JSON object",
      })
  void whatIsWrongWithABodyIsSaid(String body, String message) throws Exception {
    HttpResponse<String> response = act(body);
    assertEquals(400, response.statusCode());
    String error = JSON.readTree(response.body()).get("error").asText();
    assertTrue(error.startsWith(message), error);
  }

  @Test
  void nestedWithoutEndItIsRefused() throws Exception {
    assertEquals(400, act("{\"state\": " + "[".repeat(100_000)).statusCode());
  }

  @Test
  void otherPathsAndMethods() throws Exception {
    assertEquals(404, get("/").statusCode());
    assertEquals(404, get("/act/now").statusCode());
    HttpResponse<String> response = get("/act");
    assertEquals(405, response.statusCode());
    assertEquals("POST", response.headers().firstValue("Allow").orElseThrow());
    assertEquals("/act: expected POST", JSON.readTree(response.body()).get("error").asText());
  }

  /** What is asked of states that overflow the networks is no action, and nobody else's fault. */
  @Test
  void whatIsNotFiniteIsNoAction() throws Exception {
    HttpResponse<String> response = act("{\"states\": [[1, 2, 0, 0], [3e38, 3e38, -3e38, 3e38]]}");
    assertEquals(422, response.statusCode(), response.body());
    assertTrue(
        JSON.readTree(response.body()).get("error").asText().startsWith("state 1: the policy has"),
        response.body());
    assertEquals(200, act("{\"state\": [1, 2, 0, 0]}").statusCode());

    TrainedPolicy policy = policy();
    float[] state = {3e38f, 3e38f, -3e38f, 3e38f};
    var fault = assertThrows(RunException.class, () -> policy.act(state, 1, 1, 1, policy.rng(0)));
    assertTrue(fault.getMessage().contains("no action for the state [3.0E38, 3.0E38, -3.0E38"));
  }

  /** As load balancers ask. */
  @Test
  void headIsGetWithoutItsBody() throws Exception {
    for (String path : List.of("/health", "/metrics")) {
      HttpResponse<String> head =
          CLIENT.send(
              request(path).method("HEAD", BodyPublishers.noBody()).build(),
              BodyHandlers.ofString());
      assertEquals(200, head.statusCode());
      assertEquals("", head.body());
      assertTrue(head.headers().firstValueAsLong("Content-Length").orElseThrow() > 10);
    }
    HttpResponse<String> head =
        CLIENT.send(
            request("/act").method("HEAD", BodyPublishers.noBody()).build(),
            BodyHandlers.ofString());
    assertEquals(405, head.statusCode());
  }

  /** A lone state with a seed gives the same bits alone and while others ask. */
  @Test
  void aSeedGivesTheSameBitsUnderLoad() throws Exception {
    String body = "{\"state\": [1, 2, 0, 0], \"seed\": 5}";
    JsonNode alone = answer(body);
    List<CompletableFuture<HttpResponse<String>>> others = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      String other = "{\"state\": [1, %d, 0, 0]}".formatted(i);
      others.add(
          CLIENT.sendAsync(
              request("/act").POST(BodyPublishers.ofString(other)).build(),
              BodyHandlers.ofString()));
    }
    assertEquals(alone, answer(body));
    for (var other : others) {
      assertEquals(200, other.get().statusCode());
    }
  }

  private String raw(String request) throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().flush();
      socket.shutdownOutput();
      return new String(socket.getInputStream().readAllBytes(), StandardCharsets.US_ASCII);
    }
  }

  @Test
  void aBodyThatIsDeclaredTooLargeIsNotRead() throws Exception {
    String answer = raw("POST /act HTTP/1.1\r\nHost: x\r\nContent-Length: 99999999\r\n\r\n{");
    assertTrue(answer.startsWith("HTTP/1.1 413"), answer);
    assertTrue(answer.contains("Connection: close"), answer);
  }

  @Test
  void aBodyThatIsCutOffIsSaidToBe() throws Exception {
    String answer = raw("POST /act HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\n{");
    assertTrue(answer.startsWith("HTTP/1.1 400"), answer);
    assertTrue(answer.contains("{\"error\":\"the body ended before its end"), answer);
  }

  @Test
  void chunkedBodiesAreRead() throws Exception {
    String body = "{\"state\": [1, 2, 0, 0]}";
    String head = "POST /act HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
    String chunk = "%x\r\n%s\r\n0\r\n\r\n".formatted(body.length(), body);
    assertTrue(raw(head + chunk).startsWith("HTTP/1.1 200"));
    assertTrue(raw(head + "zz\r\n" + body).startsWith("HTTP/1.1 400"));
  }

  /** By a socket: the answer comes before all of the body is sent. */
  @Test
  void aBodyWithoutEndIsCutOff() throws Exception {
    try (var socket = new Socket(InetAddress.getLoopbackAddress(), server.address().getPort())) {
      String head =
          "POST /act HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3b9aca00\r\n";
      socket.getOutputStream().write(head.getBytes(StandardCharsets.US_ASCII));
      socket.getOutputStream().write(new byte[RequestBodies.MOST_BYTES + 1]);
      socket.getOutputStream().flush();
      String line = new String(socket.getInputStream().readNBytes(12), StandardCharsets.US_ASCII);
      assertEquals("HTTP/1.1 413", line);
    }
  }
}
