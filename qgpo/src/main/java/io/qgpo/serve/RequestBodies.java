package io.qgpo.serve;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.concurrent.Semaphore;

/**
 * Reads the bodies of requests. Each is bounded, and so are all together: as many connections as
 * there may be, each with a body that comes slowly, must not fill the memory.
 */
final class RequestBodies {
  /** Room for {@link ActRequest#MOST_STATES} states of some hundred numbers. */
  static final int MOST_BYTES = 1 << 20;

  /** Of the heap, for all bodies; to be grown and parsed, they take several times as much. */
  private static final int HEAP_PART = 32;

  private static final int PIECE = 1 << 13;

  private final Semaphore room;

  /**
   * @param bytes that all bodies together may have
   */
  RequestBodies(int bytes) {
    room = new Semaphore(bytes);
  }

  /** As many as fit this JVM. */
  static RequestBodies ofThisHeap() {
    long part = Runtime.getRuntime().maxMemory() / HEAP_PART;
    return new RequestBodies(Math.clamp(part, MOST_BYTES + PIECE, Integer.MAX_VALUE));
  }

  /**
   * Reads a body.
   *
   * @param in ends with the body
   * @param declared how many bytes its head says that it has; null for none
   * @throws RequestException with status 413 for a body too large, 503 if there is no room for it
   *     beside others, 400 if it does not come as it should
   */
  RequestBody read(InputStream in, String declared) {
    if (declared != null && Long.parseLong(declared) > MOST_BYTES) { // parsed by the server before
      throw tooLarge();
    }
    var body = new ByteArrayOutputStream();
    int taken = 0;
    boolean whole = false;
    try {
      while (!whole) {
        if (!room.tryAcquire(PIECE)) {
          throw new RequestException(503, "too many requests at once; ask again later");
        }
        taken += PIECE;
        int wanted = Math.min(PIECE, MOST_BYTES + 1 - body.size());
        byte[] piece = in.readNBytes(wanted);
        body.write(piece);
        if (body.size() > MOST_BYTES) {
          throw tooLarge();
        }
        whole = piece.length < wanted;
      }
    } catch (IOException e) {
      throw new RequestException(400, "the body ended before its end, or is not well-formed");
    } finally {
      if (!whole) {
        room.release(taken);
      }
    }
    int held = taken;
    return new RequestBody(body.toByteArray(), () -> room.release(held));
  }

  private static RequestException tooLarge() {
    return new RequestException(413, "expected a body of at most " + MOST_BYTES + " bytes");
  }
}
