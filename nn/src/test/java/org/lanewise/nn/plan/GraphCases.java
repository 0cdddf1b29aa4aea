package org.lanewise.nn.plan;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Transpose;

/** Graphs for every gradient rule. */
final class GraphCases {
  /** Labels and indices are less than that. */
  static final int CLASSES = 4;

  private static final int ROWS = 5;

  private GraphCases() {}

  static List<GraphCase> all() {
    List<GraphCase> cases = new ArrayList<>();
    for (Transpose transA : Transpose.values()) {
      for (Transpose transB : Transpose.values()) {
        for (Epilogue epilogue :
            List.of(Epilogue.NONE, Epilogue.BIAS, Epilogue.RELU, Epilogue.BIAS_RELU)) {
          cases.add(product(new ProductOp.Gemm(transA, transB, 1.5f, false, epilogue)));
        }
      }
    }
    for (Activation function : Activation.values()) {
      Graph graph = new Graph();
      Value x = graph.parameter("x", f32(ROWS, CLASSES));
      cases.add(GraphCase.of(new ActivationOp.Activate(function), graph, List.of(x)));
    }
    cases.add(crossEntropy());
    cases.add(meanSquaredError());
    cases.add(sharedParameter());
    ElementwiseGraphs.addTo(cases);
    ReductionGraphs.addTo(cases);
    LookupGraphs.addTo(cases);
    LayoutGraphs.addTo(cases);
    return cases;
  }

  private static GraphCase product(ProductOp.Gemm op) {
    Graph graph = new Graph();
    List<Value> operands = new ArrayList<>();
    operands.add(graph.parameter("a", op.transA() == Transpose.NO ? f32(ROWS, 3) : f32(3, ROWS)));
    operands.add(
        graph.parameter("b", op.transB() == Transpose.NO ? f32(3, CLASSES) : f32(CLASSES, 3)));
    if (op.epilogue().hasBias()) {
      operands.add(graph.parameter("bias", f32(CLASSES)));
    }
    return GraphCase.of(op, graph, operands);
  }

  static GraphCase crossEntropy() {
    Graph graph = new Graph();
    Value logits = graph.parameter("logits", f32(ROWS, CLASSES));
    Value labels = graph.input("labels", i32(ROWS));
    return GraphCase.of(new LossOp.SoftmaxCrossEntropy(), graph, List.of(logits, labels));
  }

  private static GraphCase meanSquaredError() {
    Graph graph = new Graph();
    Value prediction = graph.parameter("prediction", f32(ROWS, CLASSES));
    Value target = graph.input("target", prediction.type());
    return GraphCase.of(new LossOp.MeanSquaredError(), graph, List.of(prediction, target));
  }

  /** One weight and bias in two layers, whose gradients add up. */
  private static GraphCase sharedParameter() {
    Graph graph = new Graph();
    Value x = graph.input("x", f32(ROWS, CLASSES));
    Value w = graph.parameter("w", f32(CLASSES, CLASSES));
    Value b = graph.parameter("b", f32(CLASSES));
    Op layer = new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, false, Epilogue.BIAS);
    Value h = graph.add(layer, List.of(x, w, b)).result();
    h = graph.add(new ActivationOp.Activate(Activation.TANH), List.of(h)).result();
    Value y = graph.add(layer, List.of(h, w, b)).result();
    return new GraphCase("shared parameter", graph, List.of(x), y);
  }
}
