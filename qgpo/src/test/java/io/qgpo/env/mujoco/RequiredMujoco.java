package io.qgpo.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import java.nio.file.Path;
import org.junit.jupiter.api.Assumptions;

/**
 * The MuJoCo library for tests that need it. Where it is missing they are skipped and say why, and
 * fail instead if the environment variable {@code QGPO_REQUIRE_MUJOCO} is {@code true}. Another
 * one, of a version from 2.3.6 on, is the file that {@code QGPO_RECENT_MUJOCO} names.
 */
public final class RequiredMujoco {
  private RequiredMujoco() {}

  /** A library whose state is reached through functions, not by its layout. */
  public static MujocoLibrary recent() {
    String file = System.getenv("QGPO_RECENT_MUJOCO");
    if (file == null) {
      return Assumptions.abort("needs a MuJoCo from 2.3.6 on, named by QGPO_RECENT_MUJOCO");
    }
    MujocoLibrary library = MujocoLibrary.load(Path.of(file));
    assertTrue(library.version().isAtLeast(MujocoVersion.STATE_FUNCTIONS), library.version() + "");
    return library;
  }

  /** The library of this machine. */
  public static MujocoLibrary library() {
    try {
      return MujocoLibrary.find();
    } catch (MujocoException e) {
      if ("true".equals(System.getenv("QGPO_REQUIRE_MUJOCO"))) {
        return fail("QGPO_REQUIRE_MUJOCO=true", e);
      }
      return Assumptions.abort("needs MuJoCo: " + e.getMessage());
    }
  }
}
