package org.lanewise.nn.pass;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * Moves an activation into the epilogue of the matrix product before it, where it costs no pass
 * over memory, if nothing else needs the product.
 */
public final class Fusion {
  private Fusion() {}

  /** The graph with fused products. */
  public static Graph apply(Graph graph) {
    Map<Value, Integer> uses = uses(graph);
    Map<Value, Node> activations = new HashMap<>();
    for (Node node : graph.nodes()) {
      if (isRelu(node) && uses.get(node.input(0)) == 1) {
        activations.put(node.input(0), node);
      }
    }
    List<Node> fused = new ArrayList<>();
    Set<Node> gone = new HashSet<>();
    for (Node node : graph.nodes()) {
      Node activation = activations.get(node.result());
      if (activation != null && canTakeFunction(node)) {
        fused.add(withRelu(node, activation));
        gone.add(activation);
      } else if (!gone.contains(node)) {
        fused.add(node);
      }
    }
    return graph.withNodes(fused);
  }

  private static boolean isRelu(Node node) {
    return node.op() instanceof ActivationOp.Activate(Activation function)
        && function == Activation.RELU
        && !node.adds(0);
  }

  private static boolean canTakeFunction(Node node) {
    return node.op() instanceof ProductOp.Gemm gemm
        && !node.adds(0)
        && gemm.epilogue().function() == Epilogue.Function.NONE;
  }

  private static Node withRelu(Node product, Node activation) {
    ProductOp.Gemm gemm = (ProductOp.Gemm) product.op();
    ProductOp.Gemm withRelu =
        new ProductOp.Gemm(
            gemm.transA(),
            gemm.transB(),
            gemm.alpha(),
            gemm.epilogue().withFunction(Epilogue.Function.RELU));
    return new Node(
        product.layer(), withRelu, product.inputs(), activation.outputs(), activation.writes());
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
