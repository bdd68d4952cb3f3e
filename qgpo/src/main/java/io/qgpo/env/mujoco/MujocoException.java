package io.qgpo.env.mujoco;

import io.qgpo.env.EnvironmentException;

/** MuJoCo cannot be used. The message is one sentence for the user that ends in the fix. */
public final class MujocoException extends EnvironmentException {
  private static final long serialVersionUID = 1L;

  MujocoException(String message) {
    super(message);
  }

  MujocoException(String message, Throwable cause) {
    super(message, cause);
  }
}
