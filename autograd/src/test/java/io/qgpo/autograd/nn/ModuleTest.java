package io.qgpo.autograd.nn;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.qgpo.autograd.Var;
import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Shape;
import io.qgpo.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

class ModuleTest {
  private static final Backend SCALAR = Backends.choose("scalar", 1).backend();

  private static Tensor full(double value, int... dims) {
    return Tensor.full(SCALAR, DType.FLOAT32, Shape.ofDims(dims), value);
  }

  private static final class Leaf extends Module {
    final Var weight;
    final Tensor fixed;

    Leaf(double value, int... dims) {
      fixed = buffer("fixed", full(value));
      weight = parameter("weight", full(value, dims));
    }
  }

  private static final class Tree extends Module {
    final Leaf left;
    final Var scale;

    Tree(double value, int... dims) {
      left = child("left", new Leaf(value, dims));
      scale = parameter("scale", full(value));
      child("right", new Leaf(value, 4));
    }
  }

  @Test
  void namesJoinWithDotsInTheOrderOfRegistration() {
    Tree tree = new Tree(1, 2, 3);
    assertEquals(
        List.of("scale", "left.weight", "left.fixed", "right.weight", "right.fixed"),
        List.copyOf(tree.state().keySet()));
    assertSame(tree.left.weight.value(), tree.state().get("left.weight"));
    assertSame(tree.left.fixed, tree.state().get("left.fixed"));
    assertEquals(3, tree.parameters().size());
    assertSame(tree.scale, tree.parameters().get(0));
    assertSame(tree.left.weight, tree.parameters().get(1));
    assertEquals(1 + 6 + 4, tree.parameterCount());
  }

  @Test
  void copiesParametersAndBuffers() {
    Tree target = new Tree(1, 2, 3);
    Tree source = new Tree(2, 2, 3);
    target.copyFrom(source);
    target
        .state()
        .forEach(
            (name, value) -> {
              for (float element : value.toFloatArray()) {
                assertEquals(2, element, name);
              }
            });
    SCALAR.fill(source.scale.value(), 3);
    assertEquals(2, target.scale.value().item());
  }

  private static void assertRefused(String message, Module target, Module source) {
    assertEquals(
        message,
        assertThrows(IllegalArgumentException.class, () -> target.copyFrom(source)).getMessage());
  }

  @Test
  void copiesNothingFromAnotherStructure() {
    Tree tree = new Tree(1, 2, 3);
    assertRefused(
        "copyFrom: left.weight must be FLOAT32 [2, 3], found FLOAT32 [3, 2]",
        tree,
        new Tree(2, 3, 2));
    assertRefused(
        "copyFrom: the source has a tensor weight that this module has not", tree, new Leaf(2, 1));
    Module empty = new Module() {};
    assertRefused("copyFrom: the source has no tensor scale", tree, empty);
    assertRefused("copyFrom: the source has a tensor scale that this module has not", empty, tree);
    Leaf wide = new Leaf(2);
    Module narrow =
        new Module() {
          {
            parameter("weight", Tensor.full(SCALAR, DType.FLOAT64, Shape.SCALAR, 3));
            buffer("fixed", full(3));
          }
        };
    assertRefused("copyFrom: weight must be FLOAT32 [], found FLOAT64 []", wide, narrow);
    assertEquals(1, tree.scale.value().item());
    assertArrayEquals(new float[] {1}, tree.left.fixed.toFloatArray());
  }

  @Test
  void namesMustBeNewAndWithoutDots() {
    assertEquals(
        ": the name 'a' is taken",
        assertThrows(
                IllegalStateException.class,
                () ->
                    new Module() {
                      {
                        parameter("a", full(1));
                        child("a", new Leaf(1));
                      }
                    })
            .getMessage());
    for (String name : List.of("", "a.b")) {
      assertEquals(
          ": expected a name without dots, which join names, found '" + name + "'",
          assertThrows(
                  IllegalArgumentException.class,
                  () ->
                      new Module() {
                        {
                          buffer(name, full(1));
                        }
                      })
              .getMessage());
    }
  }
}
