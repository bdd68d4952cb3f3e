package io.qgpo.algorithm;

import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.management.JMException;
import javax.management.MBeanServer;
import javax.management.ObjectName;

/**
 * How many objects of each class are on the heap, dead ones too. Between two snapshots without a
 * collection in between, the counts grow by exactly what all threads have allocated: no sampling.
 */
final class HeapSnapshot {
  /** A rank, objects, bytes, a class: {@code 3: 64 1952 [Lio.qgpo.autograd.Var;}. */
  private static final Pattern ARRAYS =
      Pattern.compile("^ *\\d+: +(\\d+) +\\d+ +(\\[\\S+)", Pattern.MULTILINE);

  /** Stands for the unused ends of threads' allocation buffers. */
  private static final String FILLER = "[Ljdk.internal.vm.FillerElement;";

  // Looked up once: that allocates hundreds of arrays.
  private static final MBeanServer SERVER = ManagementFactory.getPlatformMBeanServer();
  private static final List<GarbageCollectorMXBean> COLLECTORS =
      ManagementFactory.getGarbageCollectorMXBeans();

  // Parsed later: that allocates thousands.
  private final String text;
  private final long collections;

  private HeapSnapshot(String text, long collections) {
    this.text = text;
    this.collections = collections;
  }

  static HeapSnapshot take() {
    String text;
    try {
      text =
          (String)
              SERVER.invoke(
                  ObjectName.getInstance("com.sun.management:type=DiagnosticCommand"),
                  "gcClassHistogram",
                  new Object[] {new String[] {"-all"}},
                  new String[] {String[].class.getName()});
    } catch (JMException e) {
      throw new IllegalStateException("the JVM gives no class histogram", e);
    }
    long collections = 0;
    for (GarbageCollectorMXBean collector : COLLECTORS) {
      collections += collector.getCollectionCount();
    }
    return new HeapSnapshot(text, collections);
  }

  boolean isComparableTo(HeapSnapshot later) {
    return collections == later.collections;
  }

  /** Arrays by class. */
  Map<String, Long> arrays() {
    Map<String, Long> counts = new TreeMap<>();
    Matcher matcher = ARRAYS.matcher(text);
    while (matcher.find()) {
      if (!matcher.group(2).equals(FILLER)) {
        counts.put(matcher.group(2), Long.parseLong(matcher.group(1)));
      }
    }
    return counts;
  }
}
