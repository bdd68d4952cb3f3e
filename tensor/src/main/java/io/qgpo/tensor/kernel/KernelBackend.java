package io.qgpo.tensor.kernel;

import io.qgpo.tensor.Backend;
import io.qgpo.tensor.DType;
import io.qgpo.tensor.Storage;
import io.qgpo.tensor.cpu.HostStorage;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/**
 * A CPU backend some of whose primitives are computed by classes of users'. Storage made through it
 * belongs to it, so that whatever is computed with its tensors comes by here.
 */
public final class KernelBackend implements InvocationHandler {
  /** Where a packed weight stands among the arguments of linear; a class of a user's gets none. */
  private static final int PACKED = 2;

  private final Backend inner;
  private final Map<String, HostKernel> kernels = new HashMap<>();
  private final Map<String, Method> methods = new HashMap<>();

  private KernelBackend(Backend inner, List<HostKernel> kernels) {
    this.inner = inner;
    for (HostKernel kernel : kernels) {
      String primitive = kernel.op().primitive();
      this.kernels.put(primitive, kernel);
      methods.put(
          primitive,
          Arrays.stream(kernel.op().type().getMethods())
              .filter(method -> method.getName().equals(primitive))
              .findFirst()
              .orElseThrow());
    }
  }

  /**
   * The backend to compute with.
   *
   * @param inner computes all else; its storage is in Java arrays
   * @param kernels at most one for each primitive
   */
  public static Backend of(Backend inner, List<HostKernel> kernels) {
    if (!HostStorage.isThatOf(inner)) {
      throw new KernelException(
          "a Java class computes on the CPU, expected the backend simd or scalar, found "
              + inner.name());
    }
    return (Backend)
        Proxy.newProxyInstance(
            Backend.class.getClassLoader(),
            new Class<?>[] {Backend.class},
            new KernelBackend(inner, kernels));
  }

  @Override
  public Object invoke(Object proxy, Method method, Object[] arguments) throws Throwable {
    String name = method.getName();
    HostKernel kernel = kernels.get(name);
    if (kernel != null) {
      return compute(kernel, methods.get(name), arguments);
    }
    return switch (name) {
      case "allocate" -> allocate((Backend) proxy, (DType) arguments[0], (Integer) arguments[1]);
      case "kernels" -> identities();
      case "description" -> description();
      // Made of primitives, which come by here one by one.
      case "linearGradProducts",
          "groupedLinear",
          "groupedLinearGrad",
          "groupedLinearGradProducts" ->
          InvocationHandler.invokeDefault(proxy, method, arguments);
      case "pack" -> kernels.containsKey("linear") ? null : call(method, arguments);
      default -> call(method, arguments);
    };
  }

  private Storage allocate(Backend proxy, DType dtype, int size) {
    return inner.supports(dtype)
        ? new HostStorage(proxy, dtype, size)
        : inner.allocate(dtype, size); // which tells why not
  }

  private Map<String, String> identities() {
    Map<String, String> identities = new TreeMap<>();
    kernels.values().forEach(kernel -> identities.put(kernel.op().id(), kernel.identity()));
    return identities;
  }

  private String description() {
    return inner.description()
        + kernels.values().stream()
            .map(k -> "; " + k.op().id() + " by " + HostKernel.CLASS_PREFIX + k.className())
            .sorted()
            .collect(Collectors.joining());
  }

  private Object call(Method method, Object... arguments) throws Throwable {
    try {
      return method.invoke(inner, arguments);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  private static Object compute(HostKernel kernel, Method method, Object... arguments)
      throws Throwable {
    List<Object> given = new ArrayList<>(Arrays.asList(arguments));
    if (kernel.op() == HostOp.LINEAR) {
      given.remove(PACKED);
    }
    try {
      return method.invoke(kernel.instance(), given.toArray());
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof Error error && !(error instanceof AssertionError)) {
        throw error; // out of memory, say, tells what to do itself
      }
      throw new KernelException(
          "class:%s: its method %s failed: %s"
              .formatted(kernel.className(), method.getName(), e.getCause()),
          e.getCause());
    }
  }
}
