package io.qgpo.env.maze2d;

/**
 * A ball on two sliding joints between walls, computed as MuJoCo does: semi-implicit Euler steps
 * with implicit damping, and MuJoCo's soft contacts, without friction, solved exactly. All numbers
 * are those of D4RL's model ({@code d4rl/pointmaze/maze_model.py}) and MuJoCo's defaults.
 *
 * <p>In the open, v' = v + h (100 u - v) / (m + h) and x' = x + h v'. A wall that is nearer than
 * the margin is a spring with a damper: it wants the gap to accelerate by -b v - k d (gap -
 * margin), and gets of it what the least sum of squares over all contacts and the free motion
 * leaves (https://mujoco.readthedocs.io/en/stable/computation, "Constraint model"; d is the
 * impedance).
 *
 * <p>From the same state, one step differs from that of MuJoCo 2.2.2 by 1e-15 in the open and 2e-13
 * at walls: by rounding.
 */
final class Ball {
  /** Seconds of a step; D4RL's maze2d takes one for each action. */
  static final double TIMESTEP = 0.01;

  static final double RADIUS = 0.1;

  /** Density 1000 kg/m3. */
  private static final double MASS = 1000 * 4 / 3.0 * Math.PI * RADIUS * RADIUS * RADIUS;

  private static final double DAMPING = 1;

  /** Force of an action of 1. */
  private static final double GEAR = 100;

  /** Distance at which a wall begins to act. */
  private static final double MARGIN = 0.002;

  /** MuJoCo's default solref: time constant and damping ratio. */
  private static final double TIME_CONSTANT = 0.02;

  /** MuJoCo's default solimp: impedance at the margin, from the width on, and the width. */
  private static final double LEAST_IMPEDANCE = 0.9;

  private static final double MOST_IMPEDANCE = 0.95;
  private static final double IMPEDANCE_WIDTH = 0.001;

  private static final double CONTACT_DAMPING = 2 / (MOST_IMPEDANCE * TIME_CONSTANT);
  private static final double CONTACT_STIFFNESS =
      1 / (MOST_IMPEDANCE * MOST_IMPEDANCE * TIME_CONSTANT * TIME_CONSTANT);

  /**
   * What MuJoCo takes for a contact's inverse mass: the mean of the three axes, of which z is 0.
   */
  private static final double INVERSE_MASS = 2 / (3 * MASS);

  /**
   * Deeper in a box than half of its height of 0.4, its top is nearer than its sides: it would push
   * the ball upwards, where it cannot go.
   */
  private static final double HALF_HEIGHT = 0.2;

  /** A ball is nearer than its radius and the margin to no more than two by two cells. */
  private static final int MOST_CONTACTS = 4;

  private final Grid grid;
  private final double[] normalX = new double[MOST_CONTACTS];
  private final double[] normalY = new double[MOST_CONTACTS];
  private final double[] wanted = new double[MOST_CONTACTS];
  private final double[] weight = new double[MOST_CONTACTS];
  private int contacts;

  double x;
  double y;
  double vx;
  double vy;

  Ball(Grid grid) {
    this.grid = grid;
  }

  /** One step with this action, each component in [-1, 1]. */
  void step(double actionX, double actionY) {
    double forceX = GEAR * actionX - DAMPING * vx;
    double forceY = GEAR * actionY - DAMPING * vy;
    findContacts();
    if (contacts > 0) {
      double[] held = contactForce(forceX / MASS, forceY / MASS);
      forceX += held[0];
      forceY += held[1];
    }
    double inertia = MASS + TIMESTEP * DAMPING;
    vx += TIMESTEP * (forceX / inertia);
    vy += TIMESTEP * (forceY / inertia);
    x += TIMESTEP * vx;
    y += TIMESTEP * vy;
  }

  private void findContacts() {
    contacts = 0;
    int line = Grid.index(x);
    int column = Grid.index(y);
    for (int i = line - 1; i <= line + 1; i++) {
      for (int j = column - 1; j <= column + 1; j++) {
        if (grid.isWall(i, j)) {
          addContact(x + Grid.ORIGIN - (i + 1), y + Grid.ORIGIN - (j + 1));
        }
      }
    }
  }

  /** Adds the contact with a box that the ball's centre is at (dx, dy) from, if there is one. */
  private void addContact(double dx, double dy) {
    double outX = dx - Math.clamp(dx, -Grid.HALF, Grid.HALF);
    double outY = dy - Math.clamp(dy, -Grid.HALF, Grid.HALF);
    double distance = Math.sqrt(outX * outX + outY * outY);
    if (distance > 0) {
      addContact(outX / distance, outY / distance, distance - RADIUS);
      return;
    }
    // Within a box, where no step leads to, MuJoCo takes the ball's centre to be at its surface.
    double depthX = Grid.HALF - Math.abs(dx);
    double depthY = Grid.HALF - Math.abs(dy);
    if (Math.min(depthX, depthY) < HALF_HEIGHT) {
      double nx = depthX <= depthY ? Math.copySign(1, dx) : 0;
      double ny = depthX <= depthY ? 0 : Math.copySign(1, dy);
      addContact(nx, ny, -RADIUS);
    }
  }

  private void addContact(double nx, double ny, double gap) {
    if (gap > MARGIN) {
      return;
    }
    double impedance = impedance(Math.abs(gap - MARGIN));
    double speed = nx * vx + ny * vy;
    normalX[contacts] = nx;
    normalY[contacts] = ny;
    wanted[contacts] = -CONTACT_DAMPING * speed - CONTACT_STIFFNESS * impedance * (gap - MARGIN);
    weight[contacts] = impedance / ((1 - impedance) * INVERSE_MASS);
    contacts++;
  }

  /** Rises over the width as two parabolas that meet in its middle. */
  private static double impedance(double depth) {
    double part = Math.min(1, depth / IMPEDANCE_WIDTH);
    double rise = part <= 0.5 ? 2 * part * part : 1 - 2 * (1 - part) * (1 - part);
    return LEAST_IMPEDANCE + rise * (MOST_IMPEDANCE - LEAST_IMPEDANCE);
  }

  /**
   * The contacts' force. The acceleration a minimises m |a - free|^2 + sum of weight (n a -
   * wanted)^2 over the contacts with n a < wanted: walls push, they do not pull. Which these are is
   * found by trying all sets; one fits its own solution, except for rounding.
   */
  private double[] contactForce(double freeX, double freeY) {
    double[] best = new double[2];
    double leastFault = Double.POSITIVE_INFINITY;
    for (int set = 0; set < 1 << contacts; set++) {
      double[] a = acceleration(set, freeX, freeY);
      double fault = fault(set, a);
      if (fault < leastFault) {
        leastFault = fault;
        best = a;
      }
    }
    double[] force = new double[2];
    for (int c = 0; c < contacts; c++) {
      double push = weight[c] * Math.max(0, wanted[c] - along(c, best));
      force[0] += push * normalX[c];
      force[1] += push * normalY[c];
    }
    return force;
  }

  /** The minimum if the contacts of this set are the ones that push. */
  private double[] acceleration(int set, double freeX, double freeY) {
    double xx = MASS;
    double xy = 0;
    double yy = MASS;
    double rightX = MASS * freeX;
    double rightY = MASS * freeY;
    for (int c = 0; c < contacts; c++) {
      if ((set >> c & 1) == 1) {
        xx += weight[c] * normalX[c] * normalX[c];
        xy += weight[c] * normalX[c] * normalY[c];
        yy += weight[c] * normalY[c] * normalY[c];
        rightX += weight[c] * wanted[c] * normalX[c];
        rightY += weight[c] * wanted[c] * normalY[c];
      }
    }
    double determinant = xx * yy - xy * xy;
    return new double[] {
      (yy * rightX - xy * rightY) / determinant, (xx * rightY - xy * rightX) / determinant
    };
  }

  /** By how much contacts of the set would have to pull, or others to push; 0 if none. */
  private double fault(int set, double[] a) {
    double fault = 0;
    for (int c = 0; c < contacts; c++) {
      double lack = wanted[c] - along(c, a);
      fault = Math.max(fault, (set >> c & 1) == 1 ? -lack : lack);
    }
    return fault;
  }

  private double along(int contact, double[] a) {
    return normalX[contact] * a[0] + normalY[contact] * a[1];
  }
}
