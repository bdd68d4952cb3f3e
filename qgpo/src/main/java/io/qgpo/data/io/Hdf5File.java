package io.qgpo.data.io;

import io.jhdf.HdfFile;
import io.qgpo.data.DataException;
import java.io.IOException;
import java.io.RandomAccessFile;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.Function;

/** An HDF5 file opened for reading, guarded against a decoder that trusts what it reads. */
final class Hdf5File {
  /** First eight bytes of every HDF5 file. */
  private static final byte[] SIGNATURE = {(byte) 0x89, 'H', 'D', 'F', '\r', '\n', 0x1a, '\n'};

  /** Bytes of the longest superblock that is looked at here. */
  private static final int SUPERBLOCK = 64;

  private Hdf5File() {}

  /** Whether bytes begin as an HDF5 file does. */
  static boolean isSignature(byte[] head) {
    return head.length >= SIGNATURE.length
        && Arrays.equals(head, 0, SIGNATURE.length, SIGNATURE, 0, SIGNATURE.length);
  }

  /**
   * Reads a file.
   *
   * @param file a regular file
   * @param name what to call it in errors
   * @param body what to do with its root group
   * @throws DataException if the file is not sound, or {@code body} throws it
   */
  static <T> T read(Path file, String name, Function<Hdf5Group, T> body) {
    try (RandomAccessFile open = new RandomAccessFile(file.toFile(), "r")) {
      long length = checkWhole(open, name);
      // Nothing to close but the file: without a path the decoder's own close throws.
      HdfFile hdf = new HdfFile(new BoundedChannel(open));
      return body.apply(new Hdf5Group(name, "", hdf, length));
    } catch (IOException e) {
      throw DataException.ofFile(name, "a readable file", String.valueOf(e)).causedBy(e);
    } catch (DataException e) {
      throw e;
    } catch (RuntimeException | StackOverflowError | AssertionError e) {
      throw DataException.ofFile(
              name, "a sound HDF5 file", "one that cannot be decoded (" + reason(e) + ")")
          .causedBy(e);
    }
  }

  /** Returns the length of a file that is an HDF5 file as long as its header says. */
  private static long checkWhole(RandomAccessFile file, String name) throws IOException {
    long length = file.length();
    byte[] superblock = new byte[SUPERBLOCK];
    file.readFully(superblock, 0, (int) Math.min(SUPERBLOCK, length));
    ByteBuffer head = ByteBuffer.wrap(superblock).order(ByteOrder.LITTLE_ENDIAN);
    if (length == 0) {
      throw DataException.ofFile(name, "an HDF5 file", "an empty file");
    }
    if (length < SUPERBLOCK || !isSignature(superblock)) {
      throw DataException.ofFile(
          name, "an HDF5 file (signature \\x89HDF at offset 0)", "other content");
    }
    long declared = endOfFile(head);
    if (declared > length) {
      throw DataException.ofFile(
          name, declared + " bytes as its header says", length + " (the file was cut)");
    }
    return length;
  }

  /**
   * The end-of-file address of a superblock with 8-byte offsets (HDF5 specification, II.A); -1 for
   * others, which are left to the decoder.
   */
  private static long endOfFile(ByteBuffer head) {
    int version = head.get(8);
    return switch (version) {
      case 0 -> head.get(13) == 8 ? head.getLong(40) : -1;
      case 1 -> head.get(13) == 8 ? head.getLong(44) : -1;
      case 2, 3 -> head.get(9) == 8 ? head.getLong(28) : -1;
      default -> -1;
    };
  }

  /** What the decoder said, on one line. */
  static String reason(Throwable e) {
    String message = e.getMessage();
    String text = message == null ? e.getClass().getSimpleName() : message;
    return text.lines().findFirst().orElse(e.getClass().getSimpleName()).strip();
  }
}
