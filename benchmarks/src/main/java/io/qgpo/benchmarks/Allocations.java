package io.qgpo.benchmarks;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.ObjectName;

/**
 * What a piece of code allocates, over all threads: bytes, and objects by class. The classes come
 * from the heap's histogram with the unreachable objects in it, so they are exact as long as no
 * collection comes in between.
 */
final class Allocations {
  private static final Pattern LINE =
      Pattern.compile("\\s*\\d+:\\s+(\\d+)\\s+(\\d+)\\s+(\\S+).*", Pattern.DOTALL);

  /** Stands for the unused ends of threads' allocation buffers, not for objects. */
  private static final String FILLER = "jdk.internal.vm.Filler";

  /**
   * Objects of one class.
   *
   * @param name as the JVM writes it; arrays begin with {@code [}
   */
  record Objects(String name, long count, long bytes) {
    boolean isArray() {
      return name.startsWith("[");
    }
  }

  /**
   * What was allocated.
   *
   * @param bytes over all threads
   * @param classes the largest first; empty if a collection came in between
   */
  record Result(long bytes, List<Objects> classes) {}

  private Allocations() {}

  /** Runs the code and says what it allocated. */
  static Result of(Runnable code) {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    // What taking a histogram allocates is in the second one, and is taken off again.
    Map<String, Objects> first = histogram();
    long collections = collections();
    Map<String, Objects> before = histogram();
    long bytes = threads.getTotalThreadAllocatedBytes();
    code.run();
    bytes = threads.getTotalThreadAllocatedBytes() - bytes;
    Map<String, Objects> after = histogram();
    if (collections() != collections) {
      return new Result(bytes, List.of());
    }
    Objects none = new Objects("", 0, 0);
    List<Objects> classes =
        after.values().stream()
            .filter(o -> !o.name().contains(FILLER))
            .map(
                o -> {
                  Objects b = before.getOrDefault(o.name(), none);
                  Objects f = first.getOrDefault(o.name(), none);
                  return new Objects(
                      o.name(),
                      o.count() - 2 * b.count() + f.count(),
                      o.bytes() - 2 * b.bytes() + f.bytes());
                })
            .filter(o -> o.bytes() > 0)
            .sorted(Comparator.comparingLong(Objects::bytes).reversed())
            .toList();
    return new Result(bytes, classes);
  }

  private static long collections() {
    return ManagementFactory.getGarbageCollectorMXBeans().stream()
        .mapToLong(bean -> bean.getCollectionCount())
        .sum();
  }

  private static Map<String, Objects> histogram() {
    String text;
    try {
      text =
          (String)
              ManagementFactory.getPlatformMBeanServer()
                  .invoke(
                      new ObjectName("com.sun.management:type=DiagnosticCommand"),
                      "gcClassHistogram",
                      new Object[] {new String[] {"-all"}},
                      new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("allocations: the JVM gives no class histogram", e);
    }
    Map<String, Objects> histogram = new HashMap<>();
    for (String line : text.split("\n")) {
      Matcher matcher = LINE.matcher(line);
      if (matcher.matches()) {
        String name = matcher.group(3);
        // Hidden classes of lambdas carry an address.
        int address = name.indexOf("/0x");
        String key = address < 0 ? name : name.substring(0, address);
        histogram.merge(
            key,
            new Objects(key, Long.parseLong(matcher.group(1)), Long.parseLong(matcher.group(2))),
            (a, b) -> new Objects(key, a.count() + b.count(), a.bytes() + b.bytes()));
      }
    }
    return histogram;
  }
}
