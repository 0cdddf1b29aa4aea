package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.List;
import java.util.OptionalInt;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.Reduction;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Graphs with losses. */
final class LossGraphs {
  private static final int ROWS = 5;

  private LossGraphs() {}

  static void addTo(List<GraphCase> cases) {
    cases.add(crossEntropy(new LossOp.SoftmaxCrossEntropy()));
    cases.add(ofElements(new LossOp.MeanSquaredError()));
    for (OptionalInt ignored : new OptionalInt[] {OptionalInt.empty(), OptionalInt.of(1)}) {
      for (float smoothing : new float[] {0f, 0.1f}) {
        cases.add(crossEntropy(new LossOp.SoftmaxCrossEntropyOfRows(ignored, smoothing)));
      }
    }
    for (Reduction reduction : Reduction.values()) {
      for (OptionalInt ignored : new OptionalInt[] {OptionalInt.empty(), OptionalInt.of(1)}) {
        cases.add(crossEntropy(new LossOp.SoftmaxCrossEntropy(reduction, ignored, 0.1f)));
      }
      cases.add(ofElements(new LossOp.BinaryCrossEntropy(reduction)));
      cases.add(ofElements(new LossOp.Huber(0.7f, reduction)));
    }
  }

  static GraphCase crossEntropy(LossOp.Forward op) {
    GraphBuilder graph = new GraphBuilder();
    Value logits = graph.parameter("logits", f32(ROWS, GraphCases.CLASSES));
    Value labels = graph.input("labels", i32(ROWS));
    return GraphCase.of(op, graph, List.of(logits, labels));
  }

  private static GraphCase ofElements(Op op) {
    GraphBuilder graph = new GraphBuilder();
    Value prediction = graph.parameter("prediction", f32(ROWS, GraphCases.CLASSES));
    Value target = graph.input("target", prediction.type());
    return GraphCase.of(op, graph, List.of(prediction, target));
  }
}
