package io.qgpo.env.locomotion;

import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.env.mujoco.RequiredMujoco;

/** The same with a recent MuJoCo. */
class RecentTracesTest extends TracesTest {
  @Override
  protected MujocoLibrary library() {
    return RequiredMujoco.recent();
  }
}
