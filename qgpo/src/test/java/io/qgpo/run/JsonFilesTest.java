package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class JsonFilesTest {
  @TempDir Path folder;
  private Path file;

  @BeforeEach
  void nameFile() {
    file = folder.resolve("x.json");
  }

  private String fault() {
    return assertThrows(TensorFileException.class, () -> JsonFiles.read(file)).getMessage();
  }

  @Test
  void numbersSurvive() {
    var json = JsonFiles.object().put("a", 0.1).put("b", Long.MAX_VALUE).put("c", 1e-300);
    JsonFiles.write(file, json);
    assertEquals(json, JsonFiles.read(file));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '~',
      value = {
        "~~; a JSON object, found nothing",
        "[1]; a JSON object, found ARRAY",
        "{\"a\":1}{; valid JSON",
        "{\"a\":1}1; valid JSON",
        "{\"a\":1,\"a\":2}; Duplicate field 'a'",
        "{\"a\":; line 1 column",
        "{\"a\":NaN}; valid JSON",
        "{'a':1}; valid JSON",
        "{\"a\":1,}; valid JSON",
      })
  void refusesWhatIsNotOneObject(String text, String expected) throws IOException {
    Files.writeString(file, text);
    String message = fault();
    assertTrue(message.startsWith(file + ", content"), message);
    assertTrue(message.contains(expected), message);
  }

  @Test
  void refusesHugeDeepMissingAndUnreadableFiles() throws IOException {
    Files.write(file, new byte[JsonFiles.MAX_BYTES + 1]);
    assertTrue(fault().contains("size: expected at most 1048576 bytes, found more"), fault());
    Files.writeString(file, "{\"a\":".repeat(100_000));
    assertTrue(fault().contains("valid JSON"), fault());
    Files.delete(file);
    assertTrue(fault().contains("does not exist"), fault());
  }
}
