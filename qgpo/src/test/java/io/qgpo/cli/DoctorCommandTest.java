package io.qgpo.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.Backends;
import io.qgpo.tensor.Tensor;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import org.junit.jupiter.api.Test;

class DoctorCommandTest {

  @Test
  void reportsAndPasses() {
    Cli.Outcome outcome = Cli.run("doctor", "--backend", "scalar", "--threads", "1");
    assertEquals("", outcome.err());
    assertEquals(Main.OK, outcome.code());
    for (String part :
        new String[] {
          "\njava         " + Runtime.version(),
          "; threads 1\n",
          "\nmemory       heap limit ",
          " GiB free in ",
          "\nscalar       can run here\n",
          "\nenvironments pointmaze hopper ",
          "\nmujoco       ",
          "\nbackend      ",
          ": as asked\n",
          "\nself-check   passed: ",
          "\nverdict      ready\n"
        }) {
      assertTrue(outcome.out().replace("\r", "").contains(part), part + outcome.out());
    }
  }

  /** A backend that gets the last row of a product wrong. */
  @Test
  void selfCheckFindsAWrongProduct() {
    Backend right = Backends.choose("scalar", 1).backend();
    assertTrue(SelfCheck.run(right).right());
    assertFalse(SelfCheck.run(spoiling(right, 1e-3f)).right());
    assertFalse(SelfCheck.run(spoiling(right, Float.NaN)).right());
  }

  private static Backend spoiling(Backend right, float change) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            (proxy, method, args) -> {
              try {
                Object result = method.invoke(right, args);
                if (method.getName().equals("matmul")) {
                  Tensor product = (Tensor) args[4];
                  Tensor last = product.rows(product.rows() - 1, product.rows());
                  right.affine(last, 1 + change, 0, last);
                }
                return result;
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }
}
