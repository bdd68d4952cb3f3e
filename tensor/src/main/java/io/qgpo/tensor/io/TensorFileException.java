package io.qgpo.tensor.io;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.ReadOnlyFileSystemException;

/**
 * A file could not be read or written. The message is one sentence for the user: the file, the
 * place in it, what was expected there and what was found.
 */
public final class TensorFileException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  /** Names and values quoted from a file are cut here, so that no message fills the screen. */
  private static final int LONGEST_QUOTE = 80;

  private TensorFileException(String message, Throwable cause) {
    // Paths and names may hold anything: no control character may reach a terminal.
    super(message.replaceAll("\\p{Cntrl}", "?"), cause);
  }

  /**
   * The content is not what it must be.
   *
   * @param file the file, or file and entry
   * @param where the byte offset, key or array, as in "byte 8" or "array 'weight'"
   */
  public static TensorFileException content(
      String file, String where, String expected, String found) {
    return new TensorFileException(
        file + ", " + where + ": expected " + expected + ", found " + found + ".", null);
  }

  /**
   * The operating system refused.
   *
   * @param action what was being done, as in "write"
   */
  public static TensorFileException io(Path file, String action, Exception cause) {
    return new TensorFileException(
        "Could not " + action + " " + file + ": " + reason(cause) + ".", cause);
  }

  /** Whether the content is at fault, and not the operating system. */
  public boolean isOfContent() {
    return getCause() == null;
  }

  /** Quotes text that came from a file: control characters escaped, cut to a readable length. */
  public static String quote(String text) {
    var out = new StringBuilder("'");
    for (int i = 0; i < text.length(); i++) {
      if (i == LONGEST_QUOTE) {
        out.append("...");
        break;
      }
      char c = text.charAt(i);
      if (Character.isISOControl(c) || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    return out.append('\'').toString();
  }

  /** NIO's exceptions for the commonest faults carry nothing but a path: say it in words. */
  private static String reason(Exception cause) {
    return switch (cause) {
      case NoSuchFileException e -> e.getFile() + " does not exist";
      case AccessDeniedException e -> "no permission for " + e.getFile();
      case ReadOnlyFileSystemException _ -> "the file system is read-only";
      case IOException e when e.getMessage() != null -> stripFullStop(e.getMessage());
      default -> cause.toString();
    };
  }

  private static String stripFullStop(String text) {
    return text.endsWith(".") ? text.substring(0, text.length() - 1) : text;
  }
}
