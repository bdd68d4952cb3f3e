package io.qgpo.run.tensorboard;

import io.qgpo.run.tensorboard.TensorBoardProto.Event;
import io.qgpo.run.tensorboard.TensorBoardProto.Summary;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.Map;
import java.util.zip.CRC32C;

/**
 * The records of a TensorBoard event file, in TFRecord framing, little-endian: length of the event
 * (8 bytes), masked CRC-32C of that (4), the event, masked CRC-32C of the event (4).
 */
public final class EventRecords {
  /** What TensorBoard calls the format of scalars as plain numbers. */
  private static final String FILE_VERSION = "brain.Event:2";

  private static final int FRAME_BYTES = Long.BYTES + 2 * Integer.BYTES;

  /** TFRecord's mask, so that a checksum of data that hold checksums is not fooled. */
  private static final int MASK_DELTA = 0xa282ead8;

  private EventRecords() {}

  /**
   * The record that a file begins with.
   *
   * @param seconds since 1970
   */
  public static byte[] head(double seconds) {
    return record(Event.newBuilder().setWallTime(seconds).setFileVersion(FILE_VERSION).build());
  }

  /**
   * The record of some numbers at a step.
   *
   * @param seconds since 1970
   * @param scalars by tag; a slash in a tag makes a group
   */
  public static byte[] scalars(double seconds, long step, Map<String, Double> scalars) {
    var summary = Summary.newBuilder();
    scalars.forEach(
        (tag, value) -> summary.addValueBuilder().setTag(tag).setSimpleValue(value.floatValue()));
    return record(
        Event.newBuilder().setWallTime(seconds).setStep(step).setSummary(summary).build());
  }

  private static byte[] record(Event event) {
    byte[] content = event.toByteArray();
    byte[] length =
        ByteBuffer.allocate(Long.BYTES)
            .order(ByteOrder.LITTLE_ENDIAN)
            .putLong(content.length)
            .array();
    return ByteBuffer.allocate(FRAME_BYTES + content.length)
        .order(ByteOrder.LITTLE_ENDIAN)
        .put(length)
        .putInt(maskedChecksum(length))
        .put(content)
        .putInt(maskedChecksum(content))
        .array();
  }

  private static int maskedChecksum(byte[] bytes) {
    var checksum = new CRC32C();
    checksum.update(bytes);
    return Integer.rotateRight((int) checksum.getValue(), 15) + MASK_DELTA;
  }
}
