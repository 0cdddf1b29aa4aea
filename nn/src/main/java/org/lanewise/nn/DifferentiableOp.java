package org.lanewise.nn;

import java.util.List;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Node;
import org.lanewise.nn.graph.Value;

/**
 * An op of the user's own whose gradient is made of the operations of tensors, and so computed
 * where they are. Other ops say with which op it is computed, see {@link Op.Custom#gradient}.
 */
public interface DifferentiableOp extends Op.Custom {
  /**
   * Records the gradients of the inputs.
   *
   * @param inputs the op's operands
   * @param outputs what it computed from them
   * @param gradients those of the op's {@link #results}, which are the first outputs
   * @return the gradients of the inputs with floating-point elements, in their order; each is f32
   *     and has the shape of the input
   */
  List<Tensor> gradients(List<Tensor> inputs, List<Tensor> outputs, List<Tensor> gradients);

  /**
   * Appends the operations that compute the gradients of an op to its graph.
   *
   * @param node an op of this kind
   * @param gradients of the node's results
   * @return the gradients of the inputs with floating-point elements, in their order
   * @throws ShapeException if they are not as many, or have other types
   */
  static List<Value> append(GraphBuilder graph, Node node, List<Value> gradients) {
    return Trace.gradients(graph, node, gradients);
  }
}
