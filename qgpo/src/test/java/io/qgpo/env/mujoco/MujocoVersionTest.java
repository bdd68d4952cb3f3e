package io.qgpo.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MujocoVersionTest {
  @ParameterizedTest
  @CsvSource({
    "210, 2.1.0",
    "222, 2.2.2",
    "237, 2.3.7",
    "340, 3.4.0",
    "3005000, 3.5.0",
    "3012001, 3.12.1",
    "4000010, 4.0.10"
  })
  void bothFormsAreRead(int number, String version) {
    assertEquals(version, MujocoVersion.of(number).toString());
  }

  @ParameterizedTest
  @ValueSource(ints = {99, 0, -237, Integer.MIN_VALUE})
  void otherNumbersAreRefused(int number) {
    var e = assertThrows(IllegalArgumentException.class, () -> MujocoVersion.of(number));
    assertTrue(e.getMessage().endsWith("found " + number), e.getMessage());
  }

  @Test
  void ordered() {
    assertTrue(MujocoVersion.of(3012000).isAtLeast(MujocoVersion.of(340)));
    assertTrue(MujocoVersion.of(237).isAtLeast(MujocoVersion.of(237)));
    assertFalse(MujocoVersion.of(299).isAtLeast(MujocoVersion.of(300)));
    assertFalse(MujocoVersion.of(340).sumsMargins());
    assertTrue(MujocoVersion.of(3005000).sumsMargins());
    assertFalse(MujocoVersion.of(222).growsAsNeeded());
    assertTrue(MujocoVersion.of(236).growsAsNeeded());
  }

  @ParameterizedTest
  @ValueSource(ints = {210, 221, 223, 235})
  void versionsWithoutFunctionsAndKnownLayoutAreRefusedByName(int number) {
    MujocoVersion version = MujocoVersion.of(number);
    var e = assertThrows(MujocoException.class, () -> MujocoLibrary.requireSupported(version));
    assertEquals("expected MuJoCo 2.2.2, or 2.3.6 or later, found " + version, e.getMessage());
  }

  @ParameterizedTest
  @ValueSource(ints = {222, 236, 237, 340, 3005000})
  void othersAreSupported(int number) {
    MujocoLibrary.requireSupported(MujocoVersion.of(number));
  }
}
