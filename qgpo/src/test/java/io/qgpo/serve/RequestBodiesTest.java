package io.qgpo.serve;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RequestBodiesTest {
  private static final int PIECE = 8192;

  private static InputStream body(int length) {
    byte[] bytes = new byte[length];
    Arrays.fill(bytes, (byte) 'x');
    return new ByteArrayInputStream(bytes);
  }

  private static int status(RequestBodies bodies, InputStream body, String declared) {
    return assertThrows(RequestException.class, () -> bodies.read(body, declared)).status();
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, PIECE - 1, PIECE, PIECE + 1, RequestBodies.MOST_BYTES})
  void bodiesAreReadWhole(int length) {
    byte[] expected = new byte[length];
    Arrays.fill(expected, (byte) 'x');
    try (RequestBody body =
        new RequestBodies(2 * RequestBodies.MOST_BYTES).read(body(length), null)) {
      assertArrayEquals(expected, body.bytes());
    }
  }

  @Test
  void eachIsBounded() {
    var bodies = new RequestBodies(2 * RequestBodies.MOST_BYTES);
    assertEquals(413, status(bodies, body(RequestBodies.MOST_BYTES + 1), null));
    assertEquals(413, status(bodies, body(0), "1048577"));
  }

  /** Whatever ends a body gives its room back. */
  @Test
  void allTogetherAreBounded() {
    var bodies = new RequestBodies(3 * PIECE);
    try (RequestBody _ = bodies.read(body(2 * PIECE - 1), null)) {
      try (RequestBody _ = bodies.read(body(10), null)) {
        assertEquals(503, status(bodies, body(1), null));
      }
      assertEquals(503, status(bodies, body(PIECE), null));
      assertEquals(400, status(bodies, new Broken(), null));
      bodies.read(body(10), null).close();
    }
    bodies.read(body(3 * PIECE - 1), null).close();
    bodies.read(body(3 * PIECE - 1), null).close();
  }

  private static final class Broken extends InputStream {
    @Override
    public int read() throws IOException {
      throw new IOException("the connection is gone");
    }
  }
}
