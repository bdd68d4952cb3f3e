package io.qgpo.tensor;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;

/**
 * Free storage of one thread, by backend, type and size class. Sizes are rounded up to at most 1/8
 * more, so that batches of nearly equal size share storage.
 */
final class StoragePool {
  private static final int SMALLEST = 64;

  /** No class is larger: an array's most elements, less what {@link Storage#start} takes of it. */
  private static final int LARGEST = Integer.MAX_VALUE - 32;

  private record Shelf(Backend backend, DType dtype, int capacity, ArrayDeque<Storage> free) {}

  private final List<Shelf> shelves = new ArrayList<>();

  Storage take(Backend backend, DType dtype, int size) {
    int capacity = capacity(size);
    Storage storage = shelf(backend, dtype, capacity).free.pollLast();
    return storage != null ? storage : backend.allocate(dtype, capacity);
  }

  void give(Storage storage) {
    shelf(storage.backend(), storage.dtype(), storage.size()).free.addLast(storage);
  }

  private Shelf shelf(Backend backend, DType dtype, int capacity) {
    // A few dozen shelves at most: a linear search needs no boxed key.
    for (int i = 0; i < shelves.size(); i++) {
      Shelf shelf = shelves.get(i);
      if (shelf.capacity == capacity && shelf.dtype == dtype && shelf.backend == backend) {
        return shelf;
      }
    }
    Shelf shelf = new Shelf(backend, dtype, capacity, new ArrayDeque<>());
    shelves.add(shelf);
    return shelf;
  }

  /** The size class of {@code size}: the next multiple of an eighth of its power of two. */
  static int capacity(int size) {
    if (size <= SMALLEST) {
      return SMALLEST;
    }
    int step = Integer.highestOneBit(size - 1) >>> 3;
    long rounded = ((long) size + step - 1) / step * step;
    return (int) Math.min(rounded, Math.max(size, LARGEST));
  }
}
