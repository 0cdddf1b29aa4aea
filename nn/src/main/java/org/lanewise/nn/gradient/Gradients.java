package org.lanewise.nn.gradient;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.stream.Stream;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;
import org.lanewise.nn.DifferentiableOp;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * Reverse-mode differentiation by a rule per op (Griewank and Walther, "Evaluating Derivatives",
 * 2008).
 *
 * <p>The first op that contributes to a gradient writes it and later ones add to it, so nothing
 * needs zeroing. All gradients are f32, and integers have none. A gradient that an op merely hands
 * on, as an addition does, is not copied: both values have the same one until something is added to
 * one of them.
 */
public final class Gradients {
  private static final MemorySegment ONE = Arena.global().allocateFrom(JAVA_FLOAT, 1f).asReadOnly();

  private final GraphBuilder graph;
  private final Set<Value> wanted;
  private final Set<Value> differentiable;

  /** The gradient of each value, as far as it is computed. */
  private final Map<Value, Value> gradients = new HashMap<>();

  /** How many values have a gradient as theirs and will still read it, or let the caller. */
  private final Map<Value, Integer> holders = new HashMap<>();

  /** Gradients that were made here, and so may be added to. */
  private final Set<Value> own = new HashSet<>();

  private final Value one;
  private Node current;

  private Gradients(GraphBuilder graph, Value one, Collection<Value> wanted) {
    this.graph = graph;
    this.one = one;
    this.wanted = new LinkedHashSet<>(wanted);
    differentiable = new HashSet<>(wanted);
    differentiable.removeIf(value -> !isFloat(value));
  }

  /**
   * Appends the ops for the gradients of a scalar.
   *
   * @param loss a scalar of the graph
   * @param withRespectTo any values of the graph
   * @return the gradients of those values that the scalar depends on, in their order
   * @throws ShapeException if the loss is no f32 scalar
   */
  public static SequencedMap<Value, Value> append(
      GraphBuilder graph, Value loss, Collection<Value> withRespectTo) {
    return ofLoss(graph, loss, withRespectTo).append();
  }

  /**
   * Appends the ops that add the gradients of a scalar to what is there.
   *
   * @param loss a scalar of the graph
   * @param into for any values of the graph, what their gradients are added to: a computed value of
   *     the same type, which is written by none of the nodes and placed outside of the plan
   * @throws ShapeException if the loss is no f32 scalar
   */
  public static void appendAdding(GraphBuilder graph, Value loss, Map<Value, Value> into) {
    Gradients gradients = ofLoss(graph, loss, into.keySet());
    into.forEach(gradients::hold);
    gradients.own.addAll(into.values());
    gradients.append();
  }

  private static Gradients ofLoss(GraphBuilder graph, Value loss, Collection<Value> withRespectTo) {
    if (!loss.type().equals(TensorType.f32())) {
      throw new ShapeException("a loss must be a scalar but is " + loss);
    }
    Gradients gradients =
        new Gradients(graph, graph.constant(TensorType.f32(), ONE), withRespectTo);
    gradients.hold(loss, gradients.one);
    return gradients;
  }

  /**
   * Appends the ops for the gradients of {@code Σ output · cotangent} over all given outputs: a
   * vector-Jacobian product.
   *
   * @param cotangents by output; each is f32 and has the shape of its output
   * @param withRespectTo any values of the graph
   * @return the gradients of those values that the outputs depend on, in their order
   * @throws ShapeException if a cotangent has another type
   */
  public static SequencedMap<Value, Value> append(
      GraphBuilder graph, Map<Value, Value> cotangents, Collection<Value> withRespectTo) {
    Gradients gradients = new Gradients(graph, null, withRespectTo);
    cotangents.forEach((output, cotangent) -> {
      if (!typeOf(output).equals(cotangent.type())) {
        throw new ShapeException(
            "the cotangent of %s must be %s but is %s"
                .formatted(output, typeOf(output), cotangent));
      }
      gradients.hold(output, cotangent);
    });
    return gradients.append();
  }

  private static boolean isFloat(Value value) {
    return value.type().dtype().isFloat();
  }

  /** The type of a value's gradient, in whatever type the value is stored. */
  private static TensorType typeOf(Value value) {
    return TensorType.f32(value.type().shape());
  }

  private SequencedMap<Value, Value> append() {
    List<Node> forward = List.copyOf(graph.nodes());
    for (Node node : forward) {
      if (GradientRules.isDifferentiable(node.op())
          && node.inputs().stream().anyMatch(differentiable::contains)) {
        results(node).stream().filter(Gradients::isFloat).forEach(differentiable::add);
      }
    }
    for (Node node : forward.reversed()) {
      Map<Value, Value> ofResults = new LinkedHashMap<>();
      for (Value result : results(node)) {
        if (gradients.containsKey(result) && isDifferentiable(result)) {
          ofResults.put(result, gradients.get(result));
        }
      }
      if (!ofResults.isEmpty()) {
        current = node;
        GradientRules.apply(node, this);
        ofResults.forEach(this::release);
      }
    }
    return results();
  }

  /** The outputs of a node that have gradients. */
  private static List<Value> results(Node node) {
    return node.outputs().subList(0, node.op().results());
  }

  private SequencedMap<Value, Value> results() {
    SequencedMap<Value, Value> results = new LinkedHashMap<>();
    for (Value value : wanted) {
      Value gradient = gradients.get(value);
      if (gradient != null) {
        results.put(value, isExclusive(gradient) ? gradient : copy(value, gradient));
      }
    }
    return results;
  }

  // ---- What rules ask -------------------------------------------------------------------------

  /** Whether the gradient of a value is wanted, or leads to one that is. */
  boolean isDifferentiable(Value value) {
    return differentiable.contains(value);
  }

  /** Whether a gradient is known to be 1, as that of the loss itself is. */
  boolean isOne(Value gradient) {
    return gradient == one;
  }

  /** The gradient of the current node's result, for ops that have but one. */
  Value ofResult() {
    return gradients.get(current.result());
  }

  /** The gradient of one of the current node's results, if there is one. */
  Optional<Value> ofResult(int index) {
    return Optional.ofNullable(gradients.get(current.output(index)));
  }

  /** The gradients of all of the current node's results: zeros where there is none. */
  List<Value> ofResults() {
    return results(current).stream()
        .map(result -> gradients.containsKey(result) ? gradients.get(result) : zeros(result))
        .toList();
  }

  private Value zeros(Value value) {
    TensorType type = typeOf(value);
    return graph.constant(type, Arena.ofAuto().allocate(type.byteSize()));
  }

  // ---- What rules do --------------------------------------------------------------------------

  /** Hands a gradient on to a value as it is. */
  void pass(Value gradient, Value to) {
    if (isDifferentiable(to)) {
      if (gradients.containsKey(to)) {
        write(ElementwiseOp.Scale.COPY, List.of(gradient), to);
      } else {
        hold(to, gradient);
      }
    }
  }

  /** A number that an op needs. */
  Value constant(float value) {
    return graph.constant(TensorType.f32(), Arena.ofAuto().allocateFrom(JAVA_FLOAT, value));
  }

  /** Appends an op that computes part of a gradient. */
  Value compute(Op op, Value... inputs) {
    return computeAll(op, List.of(inputs)).getFirst();
  }

  /** Appends an op that computes several parts of gradients. */
  List<Value> computeAll(Op op, List<Value> inputs) {
    List<Value> outputs = graph.add(current.layer(), op, inputs).outputs();
    own.addAll(outputs);
    return outputs;
  }

  /** Appends the operations that a {@link DifferentiableOp} has for its inputs' gradients. */
  List<Value> operations(List<Value> ofResults) {
    return DifferentiableOp.append(graph, current, ofResults);
  }

  /**
   * Appends an op that contributes to the gradients of values, unless none of them is wanted. It
   * adds to those that are there, if it can; what else it writes is handed on.
   *
   * @param of the values whose gradients are the op's outputs, in order
   */
  void write(Op op, List<Value> inputs, Value... of) {
    if (Stream.of(of).noneMatch(this::isDifferentiable)) {
      return;
    }
    List<Value> outputs = new ArrayList<>();
    List<Write> writes = new ArrayList<>();
    for (int i = 0; i < of.length; i++) {
      boolean adds =
          gradients.containsKey(of[i])
              && isDifferentiable(of[i])
              && ShapeRule.canBeAddedTo(op, i, typeOf(of[i]))
              && !List.of(of).subList(0, i).contains(of[i]);
      outputs.add(adds ? exclusive(of[i]) : fresh(of[i]));
      writes.add(adds ? Write.ADD : Write.OVERWRITE);
    }
    graph.add(current.layer(), op, inputs, outputs, writes);
    for (int i = 0; i < of.length; i++) {
      if (writes.get(i) == Write.OVERWRITE) {
        pass(outputs.get(i), of[i]);
      }
    }
  }

  // ---- The books ------------------------------------------------------------------------------

  /** Memory for what contributes to the gradient of a value. */
  private Value fresh(Value value) {
    Value contribution = graph.computed("d" + value.name(), typeOf(value));
    own.add(contribution);
    return contribution;
  }

  /** The gradient of a value, which may be added to: if others have the same one, a copy. */
  private Value exclusive(Value value) {
    Value gradient = gradients.get(value);
    if (isExclusive(gradient)) {
      return gradient;
    }
    Value copy = copy(value, gradient);
    release(value, gradient);
    hold(value, copy);
    return copy;
  }

  private Value copy(Value value, Value gradient) {
    String layer = current == null ? "" : current.layer();
    Value copy = fresh(value);
    graph.add(
        layer, ElementwiseOp.Scale.COPY, List.of(gradient), List.of(copy), Write.overwriteAll(1));
    return copy;
  }

  private void hold(Value value, Value gradient) {
    gradients.put(value, gradient);
    holders.merge(gradient, 1, Integer::sum);
  }

  /** Notes that all ops that read a value's gradient are there, so that another may change it. */
  private void release(Value value, Value gradient) {
    if (!wanted.contains(value)) {
      holders.merge(gradient, -1, Integer::sum);
    }
  }

  private boolean isExclusive(Value gradient) {
    return own.contains(gradient) && holders.getOrDefault(gradient, 0) <= 1;
  }
}
