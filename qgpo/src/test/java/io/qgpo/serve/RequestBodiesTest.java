package io.qgpo.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpContext;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpPrincipal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodiesTest {
  private static final int PIECE = 8192;

  /** A request that is a body, and nothing else. */
  private static final class Request extends HttpExchange {
    private final InputStream body;
    private final Headers headers = new Headers();

    Request(InputStream body) {
      this.body = body;
    }

    @Override
    public InputStream getRequestBody() {
      return body;
    }

    @Override
    public Headers getRequestHeaders() {
      return headers;
    }

    @Override
    public Headers getResponseHeaders() {
      throw new AssertionError();
    }

    @Override
    public URI getRequestURI() {
      throw new AssertionError();
    }

    @Override
    public String getRequestMethod() {
      throw new AssertionError();
    }

    @Override
    public HttpContext getHttpContext() {
      throw new AssertionError();
    }

    @Override
    public void close() {}

    @Override
    public OutputStream getResponseBody() {
      throw new AssertionError();
    }

    @Override
    public void sendResponseHeaders(int code, long length) {
      throw new AssertionError();
    }

    @Override
    public InetSocketAddress getRemoteAddress() {
      throw new AssertionError();
    }

    @Override
    public int getResponseCode() {
      throw new AssertionError();
    }

    @Override
    public InetSocketAddress getLocalAddress() {
      throw new AssertionError();
    }

    @Override
    public String getProtocol() {
      throw new AssertionError();
    }

    @Override
    public Object getAttribute(String name) {
      throw new AssertionError();
    }

    @Override
    public void setAttribute(String name, Object value) {
      throw new AssertionError();
    }

    @Override
    public void setStreams(InputStream in, OutputStream out) {
      throw new AssertionError();
    }

    @Override
    public HttpPrincipal getPrincipal() {
      throw new AssertionError();
    }
  }

  private static Request request(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'x');
    return new Request(new ByteArrayInputStream(bytes));
  }

  private static int status(RequestBodies bodies, Request request) {
    return assertThrows(RequestException.class, () -> bodies.read(request)).status();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PIECE - 1, PIECE, PIECE + 1, RequestBodies.MOST_BYTES})
  void bodiesAreReadWhole(int length) {
    byte[] expected = new byte[length];
    Arrays.fill(expected, (byte) 'x');
    try (RequestBody body = new RequestBodies(2 * RequestBodies.MOST_BYTES).read(request(length))) {
      assertArrayEquals(expected, body.bytes());
    }
  }

  @Test
  void eachIsBounded() {
    var bodies = new RequestBodies(2 * RequestBodies.MOST_BYTES);
    assertEquals(413, status(bodies, request(RequestBodies.MOST_BYTES + 1)));
    Request declared = request(0);
    declared.getRequestHeaders().set("Content-Length", "1048577");
    assertEquals(413, status(bodies, declared));
  }

  /** Whatever ends a body gives its room back. */
  @Test
  void allTogetherAreBounded() {
    var bodies = new RequestBodies(3 * PIECE);
    try (RequestBody _ = bodies.read(request(2 * PIECE - 1))) {
      try (RequestBody _ = bodies.read(request(10))) {
        assertEquals(503, status(bodies, request(1)));
      }
      assertEquals(503, status(bodies, request(PIECE)));
      assertEquals(400, status(bodies, new Request(new Broken())));
      bodies.read(request(10)).close();
    }
    bodies.read(request(3 * PIECE - 1)).close();
    bodies.read(request(3 * PIECE - 1)).close();
  }

  private static final class Broken extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the connection is gone");
    }
  }
}
