package io.qgpo.env;

/** A maze whose goal is in another place in each episode and no part of the simulator's state. */
public interface GoalEnvironment extends PhysicalEnvironment {
  /** Moves the running episode's goal. */
  void setGoal(double x, double y);
}
