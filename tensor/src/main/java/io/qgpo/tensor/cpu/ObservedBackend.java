package io.qgpo.tensor.cpu;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Tensor;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/**
 * A host backend in front of another that tells of every primitive called. Storage made through it
 * belongs to it, so that whatever is computed with its tensors comes by here.
 */
public final class ObservedBackend implements InvocationHandler {
  private static final Set<Class<?>> TENSORS = Set.of(Tensor.class, Tensor[].class);

  /** What is told of: all that takes tensors. */
  private static final Set<Method> PRIMITIVES =
      Arrays.stream(Backend.class.getMethods())
          .filter(method -> Arrays.stream(method.getParameterTypes()).anyMatch(TENSORS::contains))
          .collect(Collectors.toUnmodifiableSet());

  /** Made of primitives, which come by here one by one. */
  private static final Set<String> COMPOSED =
      Set.of(
          "linearGradProducts", "groupedLinear", "groupedLinearGrad", "groupedLinearGradProducts");

  /** Is told what has been computed. */
  @FunctionalInterface
  public interface Observer {
    /**
     * A primitive has returned.
     *
     * @param primitive its name
     * @param arguments as {@link Backend} lists them
     * @param nanos that it took
     */
    void computed(String primitive, Object[] arguments, long nanos);
  }

  private final Backend inner;
  private final Observer observer;

  private ObservedBackend(Backend inner, Observer observer) {
    this.inner = inner;
    this.observer = observer;
  }

  /**
   * The backend to compute with.
   *
   * @param inner does the work; its storage must be {@link HostStorage}
   */
  public static Backend of(Backend inner, Observer observer) {
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            new ObservedBackend(inner, observer));
  }

  /**
   * Floating-point operations of a matrix product.
   *
   * @param primitive its name
   * @param arguments as an observer gets them
   * @return 0 for other primitives
   */
  public static double productFlop(String primitive, Object[] arguments) {
    return switch (primitive) {
      case "matmul" -> {
        Tensor a = (Tensor) arguments[2];
        yield 2.0
            * ((Tensor) arguments[4]).size()
            * ((Boolean) arguments[0] ? a.rows() : a.columns());
      }
      case "linear" -> 2.0 * ((Tensor) arguments[7]).size() * ((Tensor) arguments[0]).columns();
      default -> 0;
    };
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    if (method.getName().equals("allocate")) {
      return new HostStorage((Backend) proxy, (DType) arguments[0], (Integer) arguments[1]);
    }
    if (COMPOSED.contains(method.getName())) {
      return InvocationHandler.invokeDefault(proxy, method, arguments);
    }
    long start = System.nanoTime();
    Object result;
    try {
      result = method.invoke(inner, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
    long nanos = System.nanoTime() - start;
    if (PRIMITIVES.contains(method)) {
      synchronized (observer) {
        observer.computed(method.getName(), arguments, nanos);
      }
    }
    return result;
  }
}
