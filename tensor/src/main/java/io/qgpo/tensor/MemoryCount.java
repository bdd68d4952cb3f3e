package io.qgpo.tensor;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.function.Consumer;
import java.util.function.IntPredicate;

/**
 * Counts the bytes that a computation takes on a device: a backend that computes nothing, whose
 * storage has no elements. What runs on it must not read a number to decide what to do, which steps
 * never do.
 *
 * <p>Counted is what is asked of {@link Backend#allocate}: storage that a {@link Scope} hands out
 * again counts once; what the garbage collector would find counts to the end. Workspace that a
 * device takes inside a primitive is not seen.
 */
public final class MemoryCount {
  private static final class Nothing extends Storage {
    Nothing(Backend backend, DType dtype, int size) {
      super(backend, dtype, size);
    }
  }

  private static final int PARTS = 8;
  private static final int PARTS_USED = 7;

  private final Backend backend;
  private long bytes;

  /** Without bytes. */
  public MemoryCount() {
    InvocationHandler handler = this::invoke;
    backend =
        (Backend)
            Proxy.newProxyInstance(
                Backend.class.getClassLoader(), new Class<?>[] {Backend.class}, handler);
  }

  /**
   * Counts what a body takes. It runs on a thread of its own, so that no storage of it stays in the
   * caller's scopes.
   *
   * @param body gets the backend to compute with
   */
  public static long of(Consumer<Backend> body) {
    MemoryCount count = new MemoryCount();
    Throwable[] failure = new Throwable[1];
    Thread thread =
        Thread.ofPlatform()
            .uncaughtExceptionHandler((_, e) -> failure[0] = e)
            .start(() -> body.accept(count.backend));
    try {
      thread.join();
    } catch (InterruptedException e) {
      throw new IllegalStateException("interrupted while memory was counted", e);
    }
    if (failure[0] != null) {
      throw new IllegalStateException("counting memory", failure[0]);
    }
    return count.bytes;
  }

  /**
   * Of a device's memory what countings may fill: an eighth is left for what is not counted, the
   * workspace of products and the ends of slabs.
   *
   * @param available bytes
   */
  public static long usable(long available) {
    return available / PARTS * PARTS_USED;
  }

  /** The largest power of two below a number that fits; 0 if none does. */
  public static int largestBelow(int number, IntPredicate fits) {
    int power = Integer.highestOneBit(number - 1);
    while (power > 0 && !fits.test(power)) {
      power /= 2;
    }
    return power;
  }

  private Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    return switch (method.getName()) {
      case "allocate" -> allocate((Backend) proxy, (DType) arguments[0], (Integer) arguments[1]);
      case "step" -> {
        ((Runnable) arguments[1]).run();
        yield null;
      }
      case "name", "description", "toString" -> "memory count";
      case "equals" -> proxy == arguments[0];
      case "hashCode" -> System.identityHashCode(proxy);
      case "supports" -> true;
      case "vectorBits", "threads" -> 1;
      case "readItem" -> 0.0;
      default ->
          method.isDefault() ? InvocationHandler.invokeDefault(proxy, method, arguments) : null;
    };
  }

  private Storage allocate(Backend owner, DType dtype, int size) {
    bytes += (long) size * dtype.bytes();
    return new Nothing(owner, dtype, size);
  }
}
