package io.qgpo.env.mujoco;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.qgpo.ChildJvm;
import java.lang.foreign.Arena;
import java.lang.foreign.SymbolLookup;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import org.junit.jupiter.api.Test;

class HandlersTest {
  /** Has MuJoCo find a fatal error. */
  static final class FatalError {
    private FatalError() {}

    @SuppressWarnings("restricted")
    public static void main(String[] args) throws Throwable {
      MujocoLibrary library = MujocoLibrary.find();
      SymbolLookup symbols = SymbolLookup.libraryLookup(library.file(), Arena.global());
      MethodHandle error = NativeFunctions.procedure(symbols, "mju_error", ValueLayout.ADDRESS);
      error.invokeExact(Arena.global().allocateFrom("stack overflow"));
      System.out.println("went on");
    }
  }

  @Test
  void aFatalErrorEndsTheProcessWithItsReason() {
    RequiredMujoco.library();
    ChildJvm.Outcome outcome = ChildJvm.run(FatalError.class, List.of());
    assertEquals(
        "qgpo: MuJoCo cannot go on: stack overflow. What a run has saved is whole.\n",
        outcome.output().replace("\r", ""));
    assertEquals(1, outcome.code());
  }
}
