package org.lanewise.nn;

import java.lang.reflect.InaccessibleObjectException;
import java.lang.reflect.RecordComponent;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.graph.Graph;

/**
 * The parameters and states of a model by name, in the order of its components: the path of the
 * components that lead to one, as in {@code blocks.3.norm1.weight}. A model is a record; its
 * components are layers, {@link Parameter}s, {@link State}s, lists of these and maps by name, and
 * hyperparameters.
 */
public final class Components {
  private final SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
  private final SequencedMap<String, State> states = new LinkedHashMap<>();
  private final Map<Operand, String> names = new IdentityHashMap<>();

  Components() {}

  /**
   * Finds all of a model. One that occurs twice has the name of its first place.
   *
   * @throws IllegalArgumentException if the components of a record cannot be read because its
   *     package is not open to {@code org.lanewise.nn}, or two have the same name
   */
  public static Components of(Record model) {
    Components components = new Components();
    components.addAll("", model);
    return components;
  }

  private void addAll(String prefix, Record parent) {
    for (RecordComponent component : parent.getClass().getRecordComponents()) {
      Name name = component.getAnnotation(Name.class);
      add(prefix, name == null ? component.getName() : name.value(), read(component, parent));
    }
  }

  private void add(String prefix, String name, Object component) {
    String path = prefix + name;
    String below = name.isEmpty() ? prefix : path + ".";
    switch (component) {
      case Parameter parameter -> add(path, parameter, parameters);
      case State state when state.sessionName() != null -> {} // each session has its own
      case State state -> add(path, state, states);
      case Record parent -> addAll(below, parent);
      case List<?> list -> {
        for (int i = 0; i < list.size(); i++) {
          add(below, Integer.toString(i), list.get(i));
        }
      }
      case Map<?, ?> map -> map.forEach((key, value) -> add(below, key.toString(), value));
      case null, default -> {} // a hyperparameter
    }
  }

  private <T extends Operand> void add(String name, T operand, Map<String, T> named) {
    if (names.putIfAbsent(operand, name) != null) {
      return;
    }
    if (parameters.containsKey(name) || states.containsKey(name)) {
      throw new IllegalArgumentException("two components are called '" + name + "'");
    }
    named.put(name, operand);
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

  /** All parameters by name. */
  public SequencedMap<String, Parameter> parameters() {
    return Collections.unmodifiableSequencedMap(parameters);
  }

  /** All states by name. */
  public SequencedMap<String, State> states() {
    return Collections.unmodifiableSequencedMap(states);
  }

  /**
   * Records what a function computes.
   *
   * @param mode what dropout and batch norm ask
   * @param signature names and types of the function's inputs
   * @param function from inputs to outputs, both by name; called once
   * @throws ShapeException if shapes do not fit; the message ends with the line of the function
   */
  public Graph trace(Mode mode, Signature signature, Function<Tensors, Tensors> function) {
    return Trace.of(this, mode, signature, function);
  }

  /**
   * Records a function that replaces tensors which are kept from run to run.
   *
   * @param states names and types of these tensors
   * @param inputs names and types of those that are given before each run
   * @param function from states and inputs to the new states, all by name; called once
   * @throws ShapeException if shapes do not fit; the message ends with the line of the function
   * @throws IllegalArgumentException if it does not return one tensor for each state, of its type
   */
  public static Graph traceUpdates(
      Signature states, Signature inputs, Function<Tensors, Tensors> function) {
    return Trace.ofUpdates(states, inputs, function);
  }

  /** The name of a parameter or state, or null if it is not the model's. */
  String name(Operand operand) {
    return names.get(operand);
  }
}
