package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.io.TensorFileException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
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

  @Test
  void numbersAreWithinTheirBounds() throws IOException {
    Files.writeString(file, "{\"a\":1e999,\"b\":-1,\"c\":1.5,\"d\":[0,2],\"e\":[0,null],\"f\":7}");
    var json = JsonFiles.read(file);
    assertFault("key 'a': expected a finite number", () -> JsonFiles.number(json, "a", "x"));
    assertFault(
        "key 'b': expected a number from 0.0 to 1.0, found -1.0",
        () -> JsonFiles.number(json, "b", 0, 1, "x"));
    for (String key : new String[] {"a", "b", "c"}) {
      assertFault("key '" + key + "'", () -> JsonFiles.count(json, key, "x"));
    }
    assertEquals(7, JsonFiles.count(json, "f", "x"));
    assertFault("key 'd', number 1", () -> JsonFiles.numbers(json, "d", 0, 1, "x"));
    assertFault("key 'e', number 1", () -> JsonFiles.numbers(json, "e", 0, 1, "x"));
    assertFault("key 'f': expected a list", () -> JsonFiles.numbers(json, "f", 0, 1, "x"));
    assertArrayEquals(new double[] {0, 2}, JsonFiles.numbers(json, "d", 0, 2, "x"));
  }

  private static void assertFault(String part, Executable reader) {
    String message = assertThrows(TensorFileException.class, reader).getMessage();
    assertTrue(message.contains(part), message);
  }

  /** As many as 102 policies of 100,000 episodes have. */
  @Test
  void numbersOfOneNameMayBeMany() throws IOException {
    String many = "-1234.5678901234567, ".repeat(200_000) + "0";
    Files.writeString(
        file, "{\"a\":1,\"b\":[{\"long\":[%s],\"c\":[2,3]}],\"long\":4}".formatted(many));
    assertTrue(fault().contains("size: expected at most 1048576"), fault());
    assertEquals(
        "{\"a\":1,\"b\":[{\"long\":[],\"c\":[2,3]}],\"long\":4}",
        JsonFiles.readWithout("long", file, 1 << 30).toString());
    String message = faultWithout("short", 1 << 30);
    assertTrue(message.contains("at most 1048576 bytes besides the numbers in 'short'"), message);
    assertTrue(faultWithout("long", 1 << 20).contains("size: expected at most 1048576 bytes"));
  }

  @Test
  void aLongFileIsReadAsStrictly() throws IOException {
    for (String text :
        new String[] {
          "", "[1]", "{\"a\":1}{", "{\"a\":1,\"a\":2}", "{\"long\":[1,", "{\"long\":[NaN]}"
        }) {
      Files.writeString(file, text);
      assertTrue(faultWithout("long", 1 << 30).startsWith(file + ", content"), text);
    }
    Files.writeString(file, "{\"long\":" + "[".repeat(100_000));
    assertTrue(faultWithout("long", 1 << 30).contains("valid JSON"));
    Files.delete(file);
    assertTrue(faultWithout("long", 1 << 30).contains("does not exist"));
  }

  private String faultWithout(String numbers, long maxBytes) {
    return assertThrows(
            TensorFileException.class, () -> JsonFiles.readWithout(numbers, file, maxBytes))
        .getMessage();
  }
}
