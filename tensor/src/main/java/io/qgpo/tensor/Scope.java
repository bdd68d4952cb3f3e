package io.qgpo.tensor;

import java.util.ArrayList;

/**
 * A recycling arena. Tensors that are made while a scope is open are handed out from a pool and go
 * back to it when the scope closes, so that a training step reuses the storage of the step before
 * and, once warm, allocates no array.
 *
 * <pre>{@code
 * try (Scope scope = Scope.open("behaviour step")) {
 *   Var loss = ...;
 *   return scope.escape(loss.value());   // survives the scope
 * }
 * }</pre>
 *
 * <p>Scopes nest and belong to the thread that opened them. Outside any scope, storage is ordinary
 * garbage-collected memory: parameters and data live there. Storage from a pool is not cleared: an
 * operation writes all of its result. With the system property {@code qgpo.poison=true} it is
 * filled with NaN instead, which shows any read of what nobody wrote.
 */
public final class Scope implements AutoCloseable {
  private static final boolean POISON = Boolean.getBoolean("qgpo.poison");

  private static final class Context {
    private Scope current;
    private Scope spare;
    private final StoragePool pool = new StoragePool();
  }

  /**
   * Storage set aside for scopes that are opened with it. Nothing else is given any of it, so that
   * scopes which make the same tensors find them where they were: what a device recorded can be
   * replayed. One thread at a time may use it.
   */
  public static final class Reserve {
    private final StoragePool pool = new StoragePool();

    /** Without storage. */
    public Reserve() {}
  }

  private static final ThreadLocal<Context> CONTEXT = ThreadLocal.withInitial(Context::new);

  private final Context context;
  private final ArrayList<Storage> held = new ArrayList<>();
  private Scope parent;
  private StoragePool pool;
  private String name;
  private boolean open;

  private Scope(Context context) {
    this.context = context;
  }

  /**
   * Opens a scope inside the current one.
   *
   * @param name what runs in it, for messages
   */
  public static Scope open(String name) {
    Context context = CONTEXT.get();
    return open(context, name, context.current == null ? context.pool : context.current.pool);
  }

  /**
   * Opens a scope whose tensors, and those of scopes inside it, come from a reserve. They go back
   * there and must not {@link #escape} from it.
   *
   * @param name what runs in it, for messages
   */
  public static Scope open(String name, Reserve reserve) {
    return open(CONTEXT.get(), name, reserve.pool);
  }

  private static Scope open(Context context, String name, StoragePool pool) {
    Scope scope = context.spare;
    if (scope == null) {
      scope = new Scope(context);
    } else {
      context.spare = scope.parent;
    }
    scope.parent = context.current;
    scope.pool = pool;
    scope.name = name;
    scope.open = true;
    context.current = scope;
    return scope;
  }

  /** Whether the calling thread has a scope open. */
  public static boolean isOpen() {
    return CONTEXT.get().current != null;
  }

  /**
   * A contiguous tensor with undefined content, held by the current scope of this thread, or by
   * nobody if none is open.
   */
  public static Tensor allocate(Backend backend, DType dtype, Shape shape) {
    Scope scope = CONTEXT.get().current;
    Storage storage;
    if (scope == null) {
      storage = backend.allocate(dtype, shape.size());
    } else {
      storage = scope.pool.take(backend, dtype, shape.size());
      storage.owner = scope;
      scope.held.add(storage);
    }
    Tensor tensor = Tensor.all(storage, shape);
    if (POISON && dtype.isFloating()) {
      backend.fill(tensor, Double.NaN);
    }
    return tensor;
  }

  /**
   * Hands a tensor made in this scope to the scope around it, or to nobody if there is none. A
   * tensor that is not this scope's is returned as it is.
   *
   * @return the same tensor
   * @throws IllegalStateException if this scope is closed, or of another thread, or if the tensor
   *     is of a {@link Reserve} that the scope around it does not share
   */
  public Tensor escape(Tensor tensor) {
    checkOpen("escape");
    Storage storage = tensor.storage();
    if (storage.owner == this) {
      if (pool != (parent == null ? context.pool : parent.pool)) {
        throw new IllegalStateException(
            "Scope.escape: scope '"
                + name
                + "' has its storage from a reserve, which keeps it; copy the tensor instead");
      }
      storage.owner = parent;
      if (parent != null) {
        parent.held.add(storage);
      }
    }
    return tensor;
  }

  /**
   * Gives a tensor's storage back before the scope ends. The tensor and every view of it must not
   * be used again. A tensor that is not this scope's is left alone.
   *
   * @throws IllegalStateException if this scope is closed, or of another thread
   */
  public void release(Tensor tensor) {
    checkOpen("release");
    Storage storage = tensor.storage();
    if (storage.owner == this) {
      recycle(storage);
    }
  }

  /** The innermost open scope of this thread, or null. */
  public static Scope current() {
    return CONTEXT.get().current;
  }

  /**
   * Returns what this scope still holds to the pool.
   *
   * @throws IllegalStateException if a scope opened inside it is still open, or on another thread
   */
  @Override
  public void close() {
    if (!open) {
      return;
    }
    checkThread("close");
    if (context.current != this) {
      throw new IllegalStateException(
          "Scope.close: scope '"
              + name
              + "' is not the innermost one of this thread; close '"
              + context.current.name
              + "' first, best with try-with-resources");
    }
    for (int i = 0; i < held.size(); i++) {
      Storage storage = held.get(i);
      if (storage.owner == this) {
        recycle(storage);
      }
    }
    held.clear();
    open = false;
    pool = null;
    context.current = parent;
    parent = context.spare;
    context.spare = this;
  }

  private void recycle(Storage storage) {
    storage.owner = null;
    storage.lastOwner = name;
    storage.generation++;
    pool.give(storage);
  }

  private void checkOpen(String method) {
    checkThread(method);
    if (!open) {
      throw new IllegalStateException("Scope." + method + ": scope '" + name + "' is closed");
    }
  }

  private void checkThread(String method) {
    if (CONTEXT.get() != context) {
      throw new IllegalStateException(
          "Scope."
              + method
              + ": scope '"
              + name
              + "' belongs to another thread; use and close it there");
    }
  }
}
