package io.qgpo.autograd.nn;

import io.qgpo.autograd.Var;
import io.qgpo.tensor.Scope;
import io.qgpo.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A part of a network: parameters of its own and child modules, all named. Names join with dots, as
 * in {@code block1.dense2.weight}, and keep the order in which they were registered.
 */
public abstract class Module {
  private final Map<String, Var> parameters = new LinkedHashMap<>();
  private final Map<String, Tensor> buffers = new LinkedHashMap<>();
  private final Map<String, Module> children = new LinkedHashMap<>();
  private boolean frozen;

  /** For subclasses. */
  protected Module() {}

  /** Registers a trained tensor. */
  protected final Var parameter(String name, Tensor value) {
    checkNew(name);
    Var parameter = Var.parameter(value);
    parameters.put(name, parameter);
    return parameter;
  }

  /** Registers a tensor that is saved with the network but not trained. */
  protected final Tensor buffer(String name, Tensor value) {
    checkNew(name);
    buffers.put(name, value);
    return value;
  }

  /** Registers a child. */
  protected final <M extends Module> M child(String name, M module) {
    checkNew(name);
    children.put(name, module);
    return module;
  }

  private void checkNew(String name) {
    checkNoScope("make");
    if (name.isEmpty() || name.indexOf('.') >= 0) {
      throw new IllegalArgumentException(
          getClass().getSimpleName()
              + ": expected a name without dots, which join names, found '"
              + name
              + "'");
    }
    if (parameters.containsKey(name) || buffers.containsKey(name) || children.containsKey(name)) {
      throw new IllegalStateException(
          getClass().getSimpleName() + ": the name '" + name + "' is taken");
    }
  }

  private void checkNoScope(String verb) {
    if (Scope.isOpen()) {
      throw new IllegalStateException(
          getClass().getSimpleName()
              + ": "
              + verb
              + " it outside any scope, since it outlives the scope");
    }
  }

  /**
   * Fixes what is in the parameters and buffers of this module and all below it: the layers may
   * keep it in further layouts, which are quicker to compute with. Whoever writes to a tensor of
   * {@link #state} afterwards gets results of neither the old values nor the new.
   *
   * @throws IllegalStateException if a scope is open
   */
  public final void freeze() {
    checkNoScope("freeze");
    if (!frozen) {
      frozen = true;
      onFreeze();
    }
    children.values().forEach(Module::freeze);
  }

  /** For layers that keep their weights in a further layout. */
  protected void onFreeze() {}

  /** The trained parameters of this module and all below it. */
  public final List<Var> parameters() {
    List<Var> all = new ArrayList<>(parameters.values());
    children.values().forEach(child -> all.addAll(child.parameters()));
    return all;
  }

  /** Parameters and buffers of this module and all below it, by full name. */
  public final Map<String, Tensor> state() {
    Map<String, Tensor> all = new LinkedHashMap<>();
    collect("", all);
    return all;
  }

  private void collect(String prefix, Map<String, Tensor> all) {
    parameters.forEach((name, value) -> all.put(prefix + name, value.value()));
    buffers.forEach((name, value) -> all.put(prefix + name, value));
    children.forEach((name, child) -> child.collect(prefix + name + ".", all));
  }

  /** How many numbers are trained. */
  public final long parameterCount() {
    return parameters().stream().mapToLong(p -> p.shape().size()).sum();
  }

  /**
   * Copies all parameters and buffers from a module of the same structure.
   *
   * @throws IllegalArgumentException naming the first tensor that is missing, too many, or of
   *     another shape or type; nothing is copied then
   * @throws IllegalStateException if this module is frozen
   */
  public final void copyFrom(Module source) {
    if (frozen) {
      throw new IllegalStateException(
          "copyFrom: " + getClass().getSimpleName() + " is frozen; copy into a new one");
    }
    Map<String, Tensor> mine = state();
    Map<String, Tensor> theirs = source.state();
    for (String name : theirs.keySet()) {
      if (!mine.containsKey(name)) {
        throw new IllegalArgumentException(
            "copyFrom: the source has a tensor " + name + " that this module has not");
      }
    }
    mine.forEach(
        (name, target) -> {
          Tensor value = theirs.get(name);
          if (value == null) {
            throw new IllegalArgumentException("copyFrom: the source has no tensor " + name);
          }
          if (!value.shape().equals(target.shape()) || value.dtype() != target.dtype()) {
            throw new IllegalArgumentException(
                "copyFrom: "
                    + name
                    + " must be "
                    + target.dtype()
                    + " "
                    + target.shape()
                    + ", found "
                    + value.dtype()
                    + " "
                    + value.shape());
          }
        });
    mine.forEach((name, target) -> target.backend().copy(theirs.get(name), target));
  }
}
