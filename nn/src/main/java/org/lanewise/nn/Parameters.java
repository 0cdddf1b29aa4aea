package org.lanewise.nn;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/** Finds the parameters of a model. */
public final class Parameters {
  private final SequencedMap<String, Parameter> named = new LinkedHashMap<>();

  private Parameters() {}

  /**
   * The parameters of a model by name, in the order of its components. A parameter that occurs
   * twice has the name of its first place.
   *
   * @throws IllegalArgumentException if the model is not a record, or its components cannot be read
   *     because their package is not open to {@code org.lanewise.nn}
   */
  public static SequencedMap<String, Parameter> of(Layer model) {
    if (!(model instanceof Record components)) {
      throw new IllegalArgumentException(
          "a model must be a record of its layers but is " + model.getClass().getName());
    }
    Parameters parameters = new Parameters();
    parameters.addComponents("", components);
    return parameters.named;
  }

  private void addComponents(String prefix, Record parent) {
    for (RecordComponent component : parent.getClass().getRecordComponents()) {
      add(prefix + component.getName(), read(component, parent));
    }
  }

  private void add(String name, Object component) {
    switch (component) {
      case Parameter parameter -> {
        if (!named.containsValue(parameter)) {
          named.put(name, parameter);
        }
      }
      case Record parent -> addComponents(name + ".", parent);
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          add(name + "." + i, list.get(i));
        }
      }
      case null, default -> {} // a hyperparameter
    }
  }

  private static Object read(RecordComponent component, Record parent) {
    try {
      var accessor = component.getAccessor();
      accessor.setAccessible(true);
      return accessor.invoke(parent);
    } catch (ReflectiveOperationException | InaccessibleObjectException unreadable) {
      throw new IllegalArgumentException(
          "cannot read component %s of %s: its package must be open to org.lanewise.nn"
              .formatted(component.getName(), parent.getClass().getName()),
          unreadable);
    }
  }

  /** Number of elements of all parameters. */
  public static long count(Map<String, Parameter> parameters) {
    return parameters.values().stream().mapToLong(parameter -> parameter.shape().size()).sum();
  }
}
