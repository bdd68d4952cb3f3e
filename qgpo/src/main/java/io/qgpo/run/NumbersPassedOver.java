package io.qgpo.run;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonStreamContext;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.util.JsonParserDelegate;
import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;

/**
 * Parses a file without the numbers in lists of one name, of which there may be millions. What else
 * there is has a bound, so that a tree of it is small.
 */
final class NumbersPassedOver extends JsonParserDelegate {
  private final String name;
  private final long maxBytes;
  private final String file;
  private long bytes;

  /**
   * @param name of the lists
   * @param maxBytes of everything but their numbers
   * @param file for messages
   */
  NumbersPassedOver(JsonParser all, String name, long maxBytes, String file) {
    super(all);
    this.name = name;
    this.maxBytes = maxBytes;
    this.file = file;
  }

  @Override
  public JsonToken nextToken() throws IOException {
    long from = position();
    JsonToken token = delegate.nextToken();
    while (token != null && token.isNumeric() && isInList()) {
      from = position();
      token = delegate.nextToken();
    }
    bytes += position() - from;
    if (bytes > maxBytes) {
      throw TensorFileException.content(
          file,
          "size",
          "at most %d bytes besides the numbers in '%s'".formatted(maxBytes, name),
          "more");
    }
    return token;
  }

  private long position() {
    return delegate.currentLocation().getByteOffset();
  }

  private boolean isInList() {
    JsonStreamContext here = delegate.getParsingContext();
    return here.inArray() && name.equals(here.getParent().getCurrentName());
  }
}
