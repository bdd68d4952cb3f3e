package io.qgpo.run;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ShellWordTest {
  @ParameterizedTest
  @DisabledOnOs(value = OS.WINDOWS, disabledReason = "names and shells are others")
  @CsvSource(
      quoteCharacter = '"',
      value = {
        "runs/hopper-seed0, runs/hopper-seed0",
        "my runs/a, 'my runs/a'",
        "it's, 'it'\\''s'",
        "a$b, 'a$b'",
        "~, '~'",
        "größe, 'größe'",
      })
  void quotesWhatAShellWouldTakeApart(String path, String word) {
    assertEquals(word, ShellWord.of(Path.of(path)));
  }
}
