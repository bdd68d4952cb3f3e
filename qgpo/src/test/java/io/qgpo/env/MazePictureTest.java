package io.qgpo.env;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class MazePictureTest {
  /**
   * Straight to the right from the start leads into the first pit; the optimum reaches the goal.
   */
  @Test
  void pathsThatEndInAPitAreMarked() {
    var picture = new MazePicture();
    Policy straight =
        (observations, count, actions) -> {
          for (int i = 0; i < count; i++) {
            actions[2 * i] = 1;
            actions[2 * i + 1] = 0;
          }
        };
    var environments = new VectorEnvironments("pointmaze", PointMaze::new, 2);
    environments.run(straight, 1, picture.panel("straight"));
    environments.run(new ScriptedOptimum(), 1, picture.panel("optimum"));
    String[] panels = picture.toSvg().split("<text ");
    assertEquals(3, panels.length);
    assertEquals(2, count(panels[1], "class=\"fell\""));
    assertEquals(0, count(panels[2], "class=\"fell\""));
    assertEquals(2, count(panels[2], "class=\"alive\""));
    assertTrue(panels[2].contains(">optimum</text>"));
  }

  /** A path has a point for the start and one for each step. */
  @Test
  void pathsHaveAPointForEachStep() {
    var picture = new MazePicture();
    Evaluation played =
        new VectorEnvironments("pointmaze", PointMaze::new, 1)
            .run(new ScriptedOptimum(), 5, picture.panel("optimum"));
    String svg = picture.toSvg();
    String path = svg.substring(svg.indexOf("class=\"alive\" d=\""));
    path = path.substring(0, path.indexOf("/>"));
    assertEquals(1, count(path, "M"));
    assertEquals(played.length(0), count(path, "L"));
  }

  private static int count(String text, String part) {
    return text.split(java.util.regex.Pattern.quote(part), -1).length - 1;
  }
}
