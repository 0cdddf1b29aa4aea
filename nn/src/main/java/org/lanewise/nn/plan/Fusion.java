package org.lanewise.nn.plan;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;

/**
 * Moves an activation into the epilogue of the matrix product before it, where it costs no pass
 * over memory. Runs on a traced graph before gradients are added.
 */
public final class Fusion {
  private Fusion() {}

  /**
   * Fuses what can be fused.
   *
   * @param results values that the caller reads, which must stay as they are
   */
  public static void apply(Graph graph, List<Value> results) {
    Map<Value, Integer> uses = countUses(graph, results);
    List<Node> fused = new ArrayList<>();
    for (Node node : graph.nodes()) {
      Node producer = fused.isEmpty() ? null : fused.getLast();
      if (producer != null && canFuse(producer, node, uses)) {
        ProductOp.Gemm gemm = (ProductOp.Gemm) producer.op();
        ProductOp.Gemm withRelu =
            new ProductOp.Gemm(
                gemm.transA(),
                gemm.transB(),
                gemm.alpha(),
                gemm.accumulate(),
                gemm.epilogue().withFunction(Epilogue.Function.RELU));
        fused.set(fused.size() - 1, new Node(withRelu, producer.inputs(), node.outputs()));
      } else {
        fused.add(node);
      }
    }
    graph.replaceNodes(fused);
  }

  private static boolean canFuse(Node producer, Node node, Map<Value, Integer> uses) {
    return node.op() instanceof ActivationOp.Activate(Activation function)
        && function == Activation.RELU
        && producer.op() instanceof ProductOp.Gemm gemm
        && !gemm.epilogue().hasRelu()
        && node.inputs().getFirst() == producer.result()
        && uses.get(producer.result()) == 1;
  }

  private static Map<Value, Integer> countUses(Graph graph, List<Value> results) {
    Map<Value, Integer> uses = new HashMap<>();
    graph.nodes().forEach(n -> n.inputs().forEach(value -> uses.merge(value, 1, Integer::sum)));
    results.forEach(value -> uses.merge(value, 1, Integer::sum));
    return uses;
  }
}
