package org.lanewise.nn.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * Moves what follows a matrix product or a convolution into its epilogue, where it costs no pass
 * over memory: of a product the addition of a bias, then that of a residual; then an activation,
 * also if a change of shape is between them. Each moves if nothing else needs what it is applied
 * to.
 */
public final class Fusion {
  private final Map<Value, Integer> uses;
  private final Map<Value, Node> readers = new HashMap<>();
  private final Set<Value> changed = new HashSet<>();
  private final Set<Value> computed = new HashSet<>();
  private final Set<Node> gone = new HashSet<>();
  private final Map<Node, Node> replaced = new HashMap<>();

  private Fusion(Graph graph) {
    uses = uses(graph);
    for (Node node : graph.nodes()) {
      node.inputs().forEach(value -> readers.put(value, node));
      for (int i = 0; i < node.outputs().size(); i++) {
        if (node.changes(i)) {
          changed.add(node.output(i));
        }
      }
    }
  }

  /** The graph with fused products and convolutions. */
  public static Graph apply(Graph graph) {
    return graph.withNodes(new Fusion(graph).fused(graph.nodes()));
  }

  private List<Node> fused(List<Node> nodes) {
    List<Node> fused = new ArrayList<>();
    for (Node node : nodes) {
      if (!gone.contains(node)) {
        Node whole = replaced.getOrDefault(node, node);
        for (Optional<Node> more = withReader(whole); more.isPresent(); more = withReader(whole)) {
          gone.add(readers.get(whole.result()));
          whole = more.get();
        }
        whole = withFunctionOfReshaped(whole);
        fused.add(whole);
        computed.addAll(whole.outputs());
      }
    }
    return fused;
  }

  /** The only node that reads the result of another one, if neither adds to what it writes. */
  private Optional<Node> onlyReader(Node node) {
    Node reader = readers.get(node.result());
    return reader == null || uses.get(node.result()) != 1 || node.adds(0) || reader.adds(0)
        ? Optional.empty()
        : Optional.of(reader);
  }

  /** A product or convolution together with the only node that reads it. */
  private Optional<Node> withReader(Node node) {
    Node reader = onlyReader(node).orElse(null);
    if (reader == null || !takesFunction(node)) {
      return Optional.empty();
    }
    Op.WithEpilogue sums = (Op.WithEpilogue) node.op();
    return switch (reader.op()) {
      case ActivationOp.Activate(var activation) ->
          Epilogue.Function.of(activation)
              .map(f -> with(node, sums.epilogue().withFunction(f), reader));
      case ElementwiseOp.Binary(var f)
          when f == BinaryFunction.ADD && sums instanceof ProductOp.Gemm ->
          withAddition(node, sums.epilogue(), reader);
      default -> Optional.empty();
    };
  }

  private static boolean takesFunction(Node node) {
    return node.op() instanceof Op.WithEpilogue sums
        && sums.epilogue().function() == Epilogue.Function.NONE;
  }

  /**
   * A product or convolution together with the function of what is its result in another shape, as
   * sequences are images of one row. The change of shape then gives what the function did.
   */
  private Node withFunctionOfReshaped(Node node) {
    Node reshape = onlyReader(node).orElse(null);
    if (reshape == null || !takesFunction(node) || !(reshape.op() instanceof LayoutOp.Reshape)) {
      return node;
    }
    Node function = onlyReader(reshape).orElse(null);
    if (function == null || !(function.op() instanceof ActivationOp.Activate(var activation))) {
      return node;
    }
    Epilogue epilogue = ((Op.WithEpilogue) node.op()).epilogue();
    return Epilogue.Function.of(activation)
        .map(f -> {
          gone.add(function);
          replaced.put(
              reshape,
              new Node(
                  reshape.layer(),
                  reshape.op(),
                  reshape.inputs(),
                  function.outputs(),
                  function.writes()));
          return with(node, epilogue.withFunction(f), node);
        })
        .orElse(node);
  }

  private Optional<Node> withAddition(Node product, Epilogue epilogue, Node addition) {
    Value result = product.result();
    boolean isFirst = addition.input(0) == result;
    Value other = addition.input(isFirst ? 1 : 0);
    if (epilogue.residual() || !isKnown(other)) {
      return Optional.empty();
    }
    if (other.type().equals(result.type())) {
      return Optional.of(with(product, epilogue.withResidual(), addition, other));
    }
    Shape shape = result.type().shape();
    boolean isBias =
        isFirst && other.type().equals(TensorType.f32(shape.dimension(shape.rank() - 1)));
    return isBias && !epilogue.hasBias()
        ? Optional.of(with(product, epilogue.withBias(Epilogue.Bias.COLUMN), addition, other))
        : Optional.empty();
  }

  /** Whether a value has its elements when the product runs, and no op changes them later. */
  private boolean isKnown(Value value) {
    return !changed.contains(value)
        && (value.kind() != Value.Kind.COMPUTED || computed.contains(value));
  }

  private static Node with(Node sums, Epilogue epilogue, Node reader, Value... more) {
    return new Node(
        sums.layer(),
        ((Op.WithEpilogue) sums.op()).withEpilogue(epilogue),
        Stream.concat(sums.inputs().stream(), Stream.of(more)).toList(),
        reader.outputs(),
        reader.writes());
  }

  /** How often each value is mentioned by nodes other than the first that writes it. */
  private static Map<Value, Integer> uses(Graph graph) {
    Map<Value, Integer> uses = new HashMap<>();
    for (Node node : graph.nodes()) {
      node.inputs().forEach(value -> uses.merge(value, 1, Integer::sum));
      for (int i = 0; i < node.outputs().size(); i++) {
        if (node.adds(i)) {
          uses.merge(node.output(i), 1, Integer::sum);
        }
      }
    }
    graph.outputs().values().forEach(value -> uses.merge(value, 1, Integer::sum));
    graph.updates().values().forEach(value -> uses.merge(value, 1, Integer::sum));
    return uses;
  }
}
