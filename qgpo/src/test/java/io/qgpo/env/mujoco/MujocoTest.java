package io.qgpo.env.mujoco;

import org.junit.jupiter.api.BeforeEach;

/** Tests that need MuJoCo, and that can be run once more with another library. */
public abstract class MujocoTest {
  /** The one to test with. */
  protected MujocoLibrary library;

  @BeforeEach
  final void findLibrary() {
    library = library();
  }

  /** Finds it: this machine's, or in a subclass {@link RequiredMujoco#recent}. */
  protected MujocoLibrary library() {
    return RequiredMujoco.library();
  }
}
