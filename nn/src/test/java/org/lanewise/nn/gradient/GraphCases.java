package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

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
            List.of(
                Epilogue.NONE,
                Epilogue.BIAS,
                Epilogue.RELU,
                Epilogue.BIAS_RELU,
                Epilogue.BIAS.withResidual().withFunction(Epilogue.Function.TANH))) {
          ProductOp.Gemm op = new ProductOp.Gemm(transA, transB, 1.5f, epilogue);
          cases.add(product(op, Shape.of(), Shape.of()));
          cases.add(product(op, Shape.of(2, 2), Shape.of(2, 2)));
          if (transA == Transpose.NO) {
            cases.add(product(op, Shape.of(2, 2), Shape.of()));
          }
        }
      }
    }
    for (Activation function : Activation.values()) {
      GraphBuilder graph = new GraphBuilder();
      Value x = graph.parameter("x", f32(ROWS, CLASSES));
      Op op = new ActivationOp.Activate(function);
      cases.add(
          switch (function) {
            case LOG, SQRT, RSQRT, RECIPROCAL -> ofPositive(op, graph, x);
            default -> GraphCase.of(op, graph, List.of(x));
          });
    }
    attention(cases);
    ImageGraphs.addTo(cases);
    NormGraphs.addTo(cases);
    SoftmaxGraphs.addTo(cases);
    LossGraphs.addTo(cases);
    cases.add(sharedParameter());
    ElementwiseGraphs.addTo(cases);
    ReductionGraphs.addTo(cases);
    RecurrentGraphs.addTo(cases);
    LookupGraphs.addTo(cases);
    LayoutGraphs.addTo(cases);
    SharedInputGraphs.addTo(cases);
    return cases;
  }

  /** Of an argument above 1/4. */
  private static GraphCase ofPositive(Op op, GraphBuilder graph, Value x) {
    Value positive =
        graph.add("", new ActivationOp.Activate(Activation.SIGMOID), List.of(x)).result();
    return new GraphCase(
        op.toString(), graph, List.of(), graph.add("", op, List.of(positive)).result());
  }

  private static void attention(List<GraphCase> cases) {
    for (AttentionForm plain :
        List.of(
            AttentionForm.of(2),
            AttentionForm.of(4).withKeyValueHeads(2),
            AttentionForm.of(2).withFused(),
            AttentionForm.of(4).withKeyValueHeads(1).withFused())) {
      for (AttentionForm form :
          List.of(plain, plain.withCausal(), plain.withMask(), plain.withCausal().withMask())) {
        GraphBuilder graph = new GraphBuilder();
        List<Value> operands = new ArrayList<>();
        int columns = 4 * form.heads();
        int keyColumns = 4 * form.keyValueHeads();
        if (form.fused()) {
          operands.add(graph.parameter("qkv", f32(2, 5, columns + 2 * keyColumns)));
        } else {
          operands.add(graph.parameter("q", f32(2, 3, columns)));
          operands.add(graph.parameter("k", f32(2, 5, keyColumns)));
          operands.add(graph.parameter("v", f32(2, 5, keyColumns)));
        }
        if (form.masked()) {
          operands.add(graph.input("mask", i32(2, 5)));
        }
        cases.add(GraphCase.of(new AttentionOp.Attention(form), graph, operands));
      }
    }
  }

  private static GraphCase product(ProductOp.Gemm op, Shape leadingA, Shape leadingB) {
    GraphBuilder graph = new GraphBuilder();
    List<Value> operands = new ArrayList<>();
    operands.add(graph.parameter("a", matrices(leadingA, op.transA(), ROWS, 3)));
    operands.add(graph.parameter("b", matrices(leadingB, op.transB(), 3, CLASSES)));
    if (op.epilogue().hasBias()) {
      operands.add(graph.parameter("bias", f32(CLASSES)));
    }
    if (op.epilogue().residual()) {
      operands.add(graph.parameter("residual", matrices(leadingA, Transpose.NO, ROWS, CLASSES)));
    }
    return GraphCase.of(op, graph, operands);
  }

  private static TensorType matrices(Shape leading, Transpose transpose, long rows, long columns) {
    boolean plain = transpose == Transpose.NO;
    return new TensorType(
        DType.F32, leading.append(plain ? rows : columns).append(plain ? columns : rows));
  }

  static GraphCase crossEntropy() {
    return LossGraphs.crossEntropy(new LossOp.SoftmaxCrossEntropy());
  }

  /** One weight and bias in two layers, whose gradients add up. */
  private static GraphCase sharedParameter() {
    GraphBuilder graph = new GraphBuilder();
    Value x = graph.input("x", f32(ROWS, CLASSES));
    Value w = graph.parameter("w", f32(CLASSES, CLASSES));
    Value b = graph.parameter("b", f32(CLASSES));
    Op layer = new ProductOp.Gemm(Transpose.NO, Transpose.YES, 1f, Epilogue.BIAS);
    Value h = graph.add("", layer, List.of(x, w, b)).result();
    h = graph.add("", new ActivationOp.Activate(Activation.TANH), List.of(h)).result();
    Value y = graph.add("", layer, List.of(h, w, b)).result();
    return new GraphCase("shared parameter", graph, List.of(x), y);
  }
}
