package io.qgpo.env.locomotion;

import io.qgpo.env.mujoco.MujocoLibrary;
import io.qgpo.env.mujoco.RequiredMujoco;

/** The same with a recent MuJoCo. */
class RecentBodiesTest extends BodiesTest {
  @Override
  protected MujocoLibrary library() {
    return RequiredMujoco.recent();
  }
}
