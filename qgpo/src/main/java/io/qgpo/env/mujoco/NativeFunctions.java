package io.qgpo.env.mujoco;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemoryLayout;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.SymbolLookup;
import java.lang.invoke.MethodHandle;
import java.nio.charset.StandardCharsets;

/** MuJoCo's C functions, of those whose signatures have been the same from 2.1.0 on. */
@SuppressWarnings("restricted") // calls of native code
final class NativeFunctions {
  /** MuJoCo cuts its messages to this. */
  private static final int MESSAGE_BYTES = 1000;

  private final MethodHandle loadXml;
  private final MethodHandle deleteModel;
  private final MethodHandle makeData;
  private final MethodHandle deleteData;
  private final MethodHandle resetData;
  private final MethodHandle resetDataKeyframe;
  private final MethodHandle forward;
  private final MethodHandle step;

  /**
   * Binds the functions.
   *
   * @throws java.util.NoSuchElementException if the library lacks one
   */
  NativeFunctions(SymbolLookup library) {
    loadXml = function(library, "mj_loadXML", ADDRESS, ADDRESS, ADDRESS, ADDRESS, JAVA_INT);
    deleteModel = procedure(library, "mj_deleteModel", ADDRESS);
    makeData = function(library, "mj_makeData", ADDRESS, ADDRESS);
    deleteData = procedure(library, "mj_deleteData", ADDRESS);
    resetData = procedure(library, "mj_resetData", ADDRESS, ADDRESS);
    resetDataKeyframe = procedure(library, "mj_resetDataKeyframe", ADDRESS, ADDRESS, JAVA_INT);
    forward = procedure(library, "mj_forward", ADDRESS, ADDRESS);
    step = procedure(library, "mj_step", ADDRESS, ADDRESS);
  }

  /** What {@code mj_version()} returns. */
  static int version(SymbolLookup library) {
    MethodHandle version = function(library, "mj_version", JAVA_INT);
    try {
      return (int) version.invokeExact();
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  static MethodHandle function(
      SymbolLookup library, String name, MemoryLayout result, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow(name), FunctionDescriptor.of(result, arguments));
  }

  static MethodHandle procedure(SymbolLookup library, String name, MemoryLayout... arguments) {
    return Linker.nativeLinker()
        .downcallHandle(library.findOrThrow(name), FunctionDescriptor.ofVoid(arguments));
  }

  /** Native functions throw nothing; what comes out is of the JVM: a closed segment, no memory. */
  static RuntimeException rethrown(Throwable e) {
    return switch (e) {
      case RuntimeException unchecked -> throw unchecked;
      case Error error -> throw error;
      default -> new IllegalStateException("a native function threw a checked exception", e);
    };
  }

  /**
   * Loads a model.
   *
   * @param file path of an MJCF file
   * @return the model, to be deleted
   * @throws MujocoException with MuJoCo's words if it refuses it
   */
  MemorySegment loadXml(String file) {
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment error = arena.allocate(MESSAGE_BYTES);
      var model =
          (MemorySegment)
              loadXml.invokeExact(
                  arena.allocateFrom(file), MemorySegment.NULL, error, MESSAGE_BYTES);
      if (model.equals(MemorySegment.NULL)) {
        throw new MujocoException(
            "MuJoCo refuses the model %s: %s"
                .formatted(file, error.getString(0, StandardCharsets.UTF_8)));
      }
      return model;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  void deleteModel(MemorySegment model) {
    try {
      deleteModel.invokeExact(model);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  /** A simulation's memory, to be deleted. */
  MemorySegment makeData(MemorySegment model) {
    try {
      var data = (MemorySegment) makeData.invokeExact(model);
      if (data.equals(MemorySegment.NULL)) {
        throw new OutOfMemoryError("MuJoCo could not allocate a simulation");
      }
      return data;
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  void deleteData(MemorySegment data) {
    try {
      deleteData.invokeExact(data);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  void resetData(MemorySegment model, MemorySegment data) {
    try {
      resetData.invokeExact(model, data);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  void resetDataKeyframe(MemorySegment model, MemorySegment data, int key) {
    try {
      resetDataKeyframe.invokeExact(model, data, key);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  void forward(MemorySegment model, MemorySegment data) {
    try {
      forward.invokeExact(model, data);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }

  void step(MemorySegment model, MemorySegment data) {
    try {
      step.invokeExact(model, data);
    } catch (Throwable e) {
      throw rethrown(e);
    }
  }
}
