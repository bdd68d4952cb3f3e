package io.qgpo.data;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/** SHA-256 in lower-case hex, of files and of arrays. */
public final class Sha256 {
  private final MessageDigest digest = newDigest();

  /** Hash of a file's bytes. */
  public static String ofFile(Path file) throws IOException {
    Sha256 hash = new Sha256();
    byte[] buffer = new byte[1 << 16];
    try (InputStream in = Files.newInputStream(file)) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        hash.digest.update(buffer, 0, n);
      }
    }
    return hash.hex();
  }

  /** Adds the values' bits, each as four bytes, most significant first. */
  public Sha256 add(float[] values) {
    for (float value : values) {
      int bits = Float.floatToRawIntBits(value);
      digest.update((byte) (bits >> 24));
      digest.update((byte) (bits >> 16));
      digest.update((byte) (bits >> 8));
      digest.update((byte) bits);
    }
    return this;
  }

  /** Adds one byte, 0 or 1, per value. */
  public Sha256 add(boolean[] values) {
    for (boolean value : values) {
      digest.update((byte) (value ? 1 : 0));
    }
    return this;
  }

  /** The hash of all that was added; starts anew. */
  public String hex() {
    return HexFormat.of().formatHex(digest.digest());
  }

  private static MessageDigest newDigest() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform must provide SHA-256", e);
    }
  }
}
