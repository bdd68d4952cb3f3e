package io.qgpo.serve;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.qgpo.run.RunInfo;
import io.qgpo.run.TrainedPolicy;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A policy behind HTTP.
 *
 * <ul>
 *   <li>POST /act: {@code {"state": [...]}} or {@code {"states": [[...], ...]}}, with {@code
 *       guidance} and {@code seed} if wanted; answers {@code action} or {@code actions}
 *   <li>GET /health: what is served
 *   <li>GET /metrics: Prometheus' text
 * </ul>
 *
 * <p>Errors are {@code {"error": "a sentence"}}. It trusts whoever reaches it with its time: there
 * is neither encryption nor a password.
 */
public final class PolicyServer implements AutoCloseable {
  private static final int GRACE_SECONDS = 2;
  private static final String PATHS = "there are /act, /health, /metrics";
  private static final String HEAD = "HEAD";
  private static final String JSON = "application/json";
  private static final Logger LOG = LoggerFactory.getLogger(PolicyServer.class);

  /** Read by the JDK's server when it is first used. */
  static {
    // Otherwise the kernel holds small answers back for 40 ms, until the last one is acknowledged.
    setDefault("sun.net.httpserver.nodelay", "true");
    // Seconds in which a request must have come, and an answer gone: who is slow holds no
    // connection for ever.
    setDefault("sun.net.httpserver.maxReqTime", "20");
    setDefault("sun.net.httpserver.maxRspTime", "20");
    setDefault("jdk.httpserver.maxConnections", "1024");
    setDefault("sun.net.httpserver.maxIdleConnections", "1024");
  }

  private final TrainedPolicy policy;
  private final ServerMetrics metrics = new ServerMetrics();
  private final RequestBodies bodies = RequestBodies.ofThisHeap();
  private final Batcher batcher;
  private final HttpServer server;
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();

  private interface Handler {
    /** The status, 200, with the body. */
    byte[] answer(HttpExchange exchange) throws IOException;
  }

  /**
   * Starts to serve, when the policy is warm: after some seconds.
   *
   * @param address port 0 for any that is free
   * @param waitingStates how many states may wait before requests are turned away with status 503
   * @param seed of the noise of requests that bring none
   * @throws IOException if the address cannot be had
   */
  public PolicyServer(TrainedPolicy policy, InetSocketAddress address, int waitingStates, long seed)
      throws IOException {
    this.policy = policy;
    server = HttpServer.create(address, 0);
    batcher = new Batcher(policy, waitingStates, seed, metrics);
    server.setExecutor(threads);
    handle("/act", "POST", JSON, this::act);
    handle("/health", "GET", JSON, _ -> health());
    handle("/metrics", "GET", metrics.contentType(), _ -> metrics.text());
    server.createContext("/", exchange -> fail(exchange, 404, PATHS));
    server.start();
  }

  private static void setDefault(String property, String value) {
    if (System.getProperty(property) == null) {
      System.setProperty(property, value);
    }
  }

  /** Where it listens. */
  public InetSocketAddress address() {
    return server.getAddress();
  }

  private void handle(String path, String method, String type, Handler handler) {
    server.createContext(
        path,
        exchange -> {
          try {
            if (!exchange.getRequestURI().getPath().equals(path)) {
              throw new RequestException(404, PATHS);
            }
            String given = exchange.getRequestMethod();
            if (!given.equals(method) && !(given.equals(HEAD) && method.equals("GET"))) {
              exchange.getResponseHeaders().set("Allow", method);
              throw new RequestException(405, path + ": expected " + method);
            }
            send(exchange, 200, type, handler.answer(exchange));
          } catch (RequestException e) {
            fail(exchange, e.status(), e.getMessage());
          } catch (OutOfMemoryError e) {
            throw e; // other threads may have ended of it: nothing goes on as if nothing had been
          } catch (RuntimeException | Error e) { // nobody is to wait for an answer for ever
            LOG.error("{} failed", path, e);
            fail(exchange, 500, "an internal error; the server's log has more");
          }
        });
  }

  private byte[] act(HttpExchange exchange) throws IOException {
    String declared = exchange.getRequestHeaders().getFirst("Content-Length");
    try (RequestBody body = bodies.read(exchange.getRequestBody(), declared)) {
      long start = System.nanoTime();
      ActRequest request = ActRequest.parse(body.bytes(), policy.info().stateDim());
      float[] actions = batcher.submit(request).get();
      metrics.acted((System.nanoTime() - start) / 1e9);
      return request.answer(actions);
    } catch (InterruptedException e) {
      throw new RequestException(503, "the server is going down; ask another");
    } catch (ExecutionException e) {
      switch (e.getCause()) {
        case RequestException fault -> throw fault;
        case Error fault -> throw fault;
        default -> throw new IllegalStateException(e.getCause());
      }
    }
  }

  private byte[] health() {
    RunInfo info = policy.info();
    ObjectNode json = ActRequest.object().put("status", "ok");
    json.put("stateSize", info.stateDim()).put("actionSize", info.actionDim());
    json.put("checkpoint", policy.checkpoint()).put("step", policy.step());
    return ActRequest.bytes(json);
  }

  private void fail(HttpExchange exchange, int status, String sentence) throws IOException {
    if (status == 503) {
      exchange.getResponseHeaders().set("Retry-After", "1");
    }
    if (status == 413 || status == 503) { // what is left of the body is not worth reading
      exchange.getResponseHeaders().set("Connection", "close");
    }
    send(exchange, status, JSON, ActRequest.bytes(ActRequest.object().put("error", sentence)));
  }

  private void send(HttpExchange exchange, int status, String type, byte[] body)
      throws IOException {
    metrics.answered(status);
    exchange.getResponseHeaders().set("Content-Type", type);
    if (exchange.getRequestMethod().equals(HEAD)) {
      exchange.getResponseHeaders().set("Content-Length", Integer.toString(body.length));
      exchange.sendResponseHeaders(status, -1);
    } else {
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
      exchange.getResponseBody().flush(); // closing first waits for what is left of the request
    }
    exchange.close();
  }

  /** Answers what has come, and ends. */
  @Override
  public void close() {
    batcher.close();
    server.stop(GRACE_SECONDS);
    threads.shutdown();
  }
}
