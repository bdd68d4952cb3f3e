package io.qgpo.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.SplittableRandom;

/**
 * A file that is damaged again and again.
 *
 * @param file which
 * @param bytes what it holds when it is sound
 * @param damage what makes other bytes of these
 * @param reader what reads the damaged file
 */
record SoundFile(Path file, byte[] bytes, Harm damage, Reader reader) {

  /** A way in which the content goes wrong. */
  interface Harm {
    /** A damaged copy. */
    byte[] of(byte[] sound, SplittableRandom random) throws IOException;
  }

  /** Reads the damaged file. */
  interface Reader {
    /** What is wrong with how it was read or refused; null for nothing. */
    String faultOf(CommandCheck commands, SplittableRandom random) throws IOException;
  }
}
