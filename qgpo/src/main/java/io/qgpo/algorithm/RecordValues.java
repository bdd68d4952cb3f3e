package io.qgpo.algorithm;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.RecordComponent;
import java.util.Arrays;
import java.util.Map;

/** Nested records from and to flat values under dotted names. */
final class RecordValues {
  private RecordValues() {}

  /** Adds every component, of nested records too, under {@code prefix.component}. */
  static void flatten(String prefix, Record record, Map<String, Object> values) {
    for (RecordComponent component : record.getClass().getRecordComponents()) {
      String name = dotted(prefix, component.getName());
      Object value = read(component, record);
      if (value instanceof Record nested) {
        flatten(name, nested, values);
      } else {
        values.put(name, value);
      }
    }
  }

  /** The record whose components are found in {@code values}, which has all of them. */
  static <R extends Record> R build(Class<R> type, Map<String, Object> values) {
    return build(type, "", values);
  }

  private static <R extends Record> R build(
      Class<R> type, String prefix, Map<String, Object> values) {
    RecordComponent[] components = type.getRecordComponents();
    Object[] arguments = new Object[components.length];
    for (int i = 0; i < components.length; i++) {
      String name = dotted(prefix, components[i].getName());
      Class<?> inner = components[i].getType();
      arguments[i] =
          inner.isRecord()
              ? build(inner.asSubclass(Record.class), name, values)
              : component(inner, values.get(name));
    }
    Class<?>[] types =
        Arrays.stream(components).map(RecordComponent::getType).toArray(Class<?>[]::new);
    try {
      return type.getConstructor(types).newInstance(arguments);
    } catch (InvocationTargetException e) {
      if (e.getCause() instanceof RuntimeException refused) {
        throw refused;
      }
      throw new IllegalStateException("constructor of " + type.getName() + " failed", e);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(type.getName() + " has no public constructor", e);
    }
  }

  /** Whole numbers travel as long; the components that hold them are int or long. */
  private static Object component(Class<?> type, Object value) {
    return type == int.class ? (Object) Math.toIntExact((Long) value) : value;
  }

  private static Object read(RecordComponent component, Record record) {
    try {
      return component.getAccessor().invoke(record);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("component " + component + " cannot be read", e);
    }
  }

  private static String dotted(String prefix, String name) {
    return prefix.isEmpty() ? name : prefix + "." + name;
  }
}
