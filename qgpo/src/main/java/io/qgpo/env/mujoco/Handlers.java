package io.qgpo.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;

/**
 * What MuJoCo calls on a fatal error and on a warning, in place of its own handlers: of these the
 * first waits for a key, and the second writes a file into the working folder.
 */
@SuppressWarnings("restricted") // calls of native code
final class Handlers {
  /** The last warning on a thread. MuJoCo calls on the thread that called it. */
  private static final ThreadLocal<String> WARNING = new ThreadLocal<>();

  private Handlers() {}

  /**
   * Replaces the library's handlers for as long as the process lives.
   *
   * @throws java.util.NoSuchElementException if the library has none to replace
   */
  static void install(SymbolLookup library) {
    set(library, "mju_user_error", "onError");
    set(library, "mju_user_warning", "onWarning");
  }

  private static void set(SymbolLookup library, String variable, String method) {
    MethodHandles.Lookup here = MethodHandles.lookup();
    MethodType type = MethodType.methodType(void.class, MemorySegment.class);
    try {
      MemorySegment stub =
          Linker.nativeLinker()
              .upcallStub(
                  here.findStatic(Handlers.class, method, type),
                  FunctionDescriptor.ofVoid(ADDRESS),
                  Arena.global());
      library.findOrThrow(variable).reinterpret(ADDRESS.byteSize()).set(ADDRESS, 0, stub);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Must not return: MuJoCo has no way to go on. Nor may it throw through MuJoCo's frames. */
  private static void onError(MemorySegment message) {
    try {
      System.err.println(
          "qgpo: MuJoCo cannot go on: " + text(message) + ". What a run has saved is whole.");
      System.err.flush();
    } finally {
      Runtime.getRuntime().halt(1);
    }
  }

  private static void onWarning(MemorySegment message) {
    try {
      WARNING.set(text(message));
    } catch (RuntimeException | Error e) {
      WARNING.set("MuJoCo gave a warning that could not be read: " + e);
    }
  }

  private static String text(MemorySegment message) {
    return message.reinterpret(Long.MAX_VALUE).getString(0).strip();
  }

  /** The last warning on this thread since this was last asked; null for none. */
  static String takeWarning() {
    String warning = WARNING.get();
    if (warning != null) {
      WARNING.remove();
    }
    return warning;
  }
}
