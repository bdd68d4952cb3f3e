package io.qgpo.cuda;

import io.qgpo.tensor.DeviceMemoryException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * The device's memory in a few slabs, of which storage is cut: the driver takes much longer for an
 * allocation than a step may. Slabs stay until the driver is closed.
 *
 * <p>What nobody uses any more may be given back from any thread, and is taken again by the thread
 * that asks for memory: all work that used it is then on the stream, before what comes next.
 */
final class DeviceArena {
  /** Elements of a slab: 64 MiB. */
  static final long SLAB = 16 << 20;

  /** Of all storage, in elements: 256 bytes, as cuMemAlloc has it. */
  private static final long ALIGNMENT = 64;

  /** How often, and how long each time, the garbage collector is waited for. */
  private static final int COLLECTIONS = 3;

  private static final int COLLECTION_MILLIS = 50;

  /** Memory of the driver; runs of free elements by where they begin. */
  private record Slab(DeviceMemory memory, TreeMap<Long, Long> free) {}

  /** A part of a slab that is in use. */
  record Block(DeviceMemory memory, Object slab, long from, long length) {}

  private final CudaDriver driver;
  private final long slabSize;
  private final List<Slab> slabs = new ArrayList<>();
  private final Queue<Block> returned = new ConcurrentLinkedQueue<>();
  private long used;

  /**
   * An arena without slabs.
   *
   * @param slabSize elements of a slab; what is larger gets one of its own
   */
  DeviceArena(CudaDriver driver, long slabSize) {
    this.driver = driver;
    this.slabSize = slabSize;
  }

  /**
   * Memory with anything in it.
   *
   * @throws DeviceMemoryException if there is not as much: bytes asked, free and held
   */
  Block take(long elements) {
    long length = Math.max(1, (elements + ALIGNMENT - 1) / ALIGNMENT) * ALIGNMENT;
    takeReturned();
    Block block = cut(length);
    if (block == null) {
      addSlab(length);
      block = cut(length);
    }
    used += length;
    return new Block(block.memory().part(0, elements), block.slab(), block.from(), length);
  }

  /** Gives memory back, from any thread. */
  void give(Block block) {
    returned.add(block);
  }

  /** Bytes in use: not those of slabs that are free. */
  long usedBytes() {
    takeReturned();
    return used * Float.BYTES;
  }

  /** The smallest free run that is large enough; null if there is none. */
  private Block cut(long length) {
    Slab best = null;
    long from = 0;
    long found = Long.MAX_VALUE;
    for (Slab slab : slabs) {
      for (Map.Entry<Long, Long> run : slab.free().entrySet()) {
        if (run.getValue() >= length && run.getValue() < found) {
          best = slab;
          from = run.getKey();
          found = run.getValue();
        }
      }
    }
    if (best == null) {
      return null;
    }
    best.free().remove(from);
    if (found > length) {
      best.free().put(from + length, found - length);
    }
    return new Block(best.memory().part(from, length), best, from, length);
  }

  /** A new slab; if memory is short one no larger than is needed, then none of what is garbage. */
  private void addSlab(long length) {
    DeviceMemoryException failure;
    try {
      add(Math.max(slabSize, length));
      return;
    } catch (DeviceMemoryException e) {
      failure = e;
    }
    for (int i = 0; i < COLLECTIONS; i++) {
      collect();
      Block block = cut(length);
      if (block != null) {
        putBack(block);
        return;
      }
      try {
        add(length);
        return;
      } catch (DeviceMemoryException e) {
        failure = e;
      }
    }
    throw failure;
  }

  private void add(long length) {
    Slab slab = new Slab(driver.allocate(length), new TreeMap<>());
    slab.free().put(0L, length);
    slabs.add(slab);
  }

  /** The collector does not see how much of the device its garbage holds. */
  private void collect() {
    System.gc();
    try {
      Thread.sleep(COLLECTION_MILLIS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    takeReturned();
  }

  private void takeReturned() {
    for (Block block = returned.poll(); block != null; block = returned.poll()) {
      used -= block.length();
      putBack(block);
    }
  }

  /** Makes it free, as one run with free neighbours. */
  private static void putBack(Block block) {
    TreeMap<Long, Long> free = ((Slab) block.slab()).free();
    long from = block.from();
    long to = from + block.length();
    Long after = free.remove(to);
    if (after != null) {
      to += after;
    }
    Map.Entry<Long, Long> before = free.lowerEntry(from);
    if (before != null && before.getKey() + before.getValue() == from) {
      from = before.getKey();
    }
    free.put(from, to - from);
  }
}
