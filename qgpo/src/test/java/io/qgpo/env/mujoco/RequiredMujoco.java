package io.qgpo.env.mujoco;

import static org.junit.jupiter.api.Assertions.fail;

import org.junit.jupiter.api.Assumptions;

/**
 * The MuJoCo library for tests that need it. Where it is missing they are skipped and say why, and
 * fail instead if the environment variable {@code QGPO_REQUIRE_MUJOCO} is {@code true}.
 */
public final class RequiredMujoco {
  private RequiredMujoco() {}

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
