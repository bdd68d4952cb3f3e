package io.qgpo.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class TransitionsTest {
  private static final float[] STATES = {0, 1, 10, 11, 20, 21, 30, 31};
  private static final float[] ACTIONS = {.1f, .2f, .3f};
  private static final float[] REWARDS = {1, 2, 3};
  private static final boolean[] TERMINALS = {false, false, true};
  private static final int[] STATE = {0, 1, 3};
  private static final int[] NEXT = {1, 2, 0};

  private static Transitions transitions() {
    return Transitions.of("set", 2, 1, STATES, ACTIONS, REWARDS, TERMINALS, STATE, NEXT);
  }

  @Test
  void gathersRowsIntoAWiderTarget() {
    Transitions t = transitions();
    float[] out = new float[8];
    t.gatherStates(new int[] {2, 0, 1}, 2, out, 1, 3);
    assertArrayEquals(new float[] {0, 30, 31, 0, 0, 1, 0, 0}, out);
    t.gatherNextStates(new int[] {2, 0, 1}, 2, out, 1, 3);
    assertArrayEquals(new float[] {0, 0, 1, 0, 10, 11, 0, 0}, out);
    t.gatherActions(new int[] {2, 0}, 2, out, 0, 3);
    assertArrayEquals(new float[] {.3f, 0, 1, .1f, 10, 11, 0, 0}, out);
  }

  @Test
  void copiesRowsDenseAndStrided() {
    Transitions t = transitions();
    float[] dense = new float[4];
    t.copyStates(1, 2, dense, 0, 2);
    assertArrayEquals(new float[] {10, 11, 20, 21}, dense);
    float[] strided = new float[7];
    t.copyStates(1, 2, strided, 1, 3);
    assertArrayEquals(new float[] {0, 10, 11, 0, 20, 21, 0}, strided);
    float[] actions = new float[2];
    t.copyActions(1, 2, actions, 0, 1);
    assertArrayEquals(new float[] {.2f, .3f}, actions);
  }

  @Test
  void arraysGivenOrReturnedAreCopies() {
    float[] rewards = REWARDS.clone();
    Transitions t = Transitions.of("set", 2, 1, STATES, ACTIONS, rewards, TERMINALS, STATE, NEXT);
    rewards[0] = 99;
    t.rewards()[1] = 99;
    t.stateIndices()[0] = 99;
    t.nextIndices()[0] = 99;
    assertArrayEquals(REWARDS, t.rewards());
    assertArrayEquals(STATE, t.stateIndices());
    assertArrayEquals(NEXT, t.nextIndices());
    assertArrayEquals(new float[] {0, 0, 1}, t.terminalsAsFloat());
  }

  private static String refusal(
      float[] states, float[] actions, float[] rewards, boolean[] terminals, int[] s, int[] n) {
    return assertThrows(
            DataException.class,
            () -> Transitions.of("set", 2, 1, states, actions, rewards, terminals, s, n))
        .getMessage();
  }

  @Test
  void refusesWhatDoesNotFit() {
    float[] none = {};
    assertEquals(
        "set: expected at least one transition, found none",
        refusal(STATES, none, none, new boolean[0], new int[0], new int[0]));
    assertEquals(
        "set, key 'actions': expected 3 x 1 = 3 values, found 2 values",
        refusal(STATES, new float[2], REWARDS, TERMINALS, STATE, NEXT));
    assertEquals(
        "set, key 'states': expected rows of 2 columns, found 3 values in all",
        refusal(new float[3], ACTIONS, REWARDS, TERMINALS, STATE, NEXT));
    assertEquals(
        "set, key 'next index', row 1: expected 0 to 3, found 4",
        refusal(STATES, ACTIONS, REWARDS, TERMINALS, STATE, new int[] {0, 4, 0}));
    assertEquals(
        "set, key 'state index', row 2: expected 0 to 3, found -1",
        refusal(STATES, ACTIONS, REWARDS, TERMINALS, new int[] {0, 1, -1}, NEXT));
    assertEquals(
        "set, key 'rewards', row 2: expected finite numbers, found NaN in column 0",
        refusal(STATES, ACTIONS, new float[] {0, 0, Float.NaN}, TERMINALS, STATE, NEXT));
    float[] states = STATES.clone();
    states[5] = Float.NEGATIVE_INFINITY;
    assertEquals(
        "set, key 'states', row 2: expected finite numbers, found -Infinity in column 1",
        refusal(states, ACTIONS, REWARDS, TERMINALS, STATE, NEXT));
  }

  @Test
  void columnsAreChecked() {
    assertThrows(IndexOutOfBoundsException.class, () -> transitions().state(0, 2));
    assertThrows(IndexOutOfBoundsException.class, () -> transitions().action(0, 1));
  }
}
