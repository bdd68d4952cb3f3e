package io.qgpo.run.tensorboard;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.run.tensorboard.TensorBoardProto.Event;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads event files, by the description of TFRecord: independent of what writes them. */
public final class Events {
  /** CRC-32C's polynomial, reflected. */
  private static final int POLYNOMIAL = 0x82f63b78;

  private Events() {}

  /** "step tag value" of every scalar; whatever the framing does not allow fails the test. */
  public static List<String> read(Path file) throws IOException {
    ByteBuffer bytes = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<String> scalars = new ArrayList<>();
    for (boolean first = true; bytes.hasRemaining(); first = false) {
      byte[] length = take(bytes, 8);
      assertEquals(masked(length), bytes.getInt());
      byte[] content = take(bytes, (int) ByteBuffer.wrap(length).order(bytes.order()).getLong());
      assertEquals(masked(content), bytes.getInt());
      Event event = Event.parseFrom(content);
      assertEquals(first ? "brain.Event:2" : "", event.getFileVersion());
      event
          .getSummary()
          .getValueList()
          .forEach(
              value ->
                  scalars.add(
                      event.getStep() + " " + value.getTag() + " " + value.getSimpleValue()));
    }
    return scalars;
  }

  private static byte[] take(ByteBuffer from, int count) {
    byte[] bytes = new byte[count];
    from.get(bytes);
    return bytes;
  }

  private static int masked(byte[] bytes) {
    int crc = -1;
    for (byte b : bytes) {
      crc ^= b & 0xff;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc >>> 1) ^ ((crc & 1) * POLYNOMIAL);
      }
    }
    crc = ~crc;
    return ((crc >>> 15) | (crc << 17)) + 0xa282ead8;
  }
}
