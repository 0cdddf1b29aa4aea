package org.lanewise.nn.gradient;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Transpose;
import org.lanewise.kernels.op.Window;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;

/** Ops that have one value as several inputs: each pair of inputs of one type, and all of them. */
final class SharedInputGraphs {
  private static final float EPSILON = 1.5f;

  /** What the value is that is several inputs. */
  private enum Shared {
    /** A parameter. */
    PARAMETER,
    /** What an op computes. */
    COMPUTED,
    /** What an op computes and another op reads, which contributes to its gradient before. */
    READ_LATER
  }

  private final List<GraphCase> cases;

  private SharedInputGraphs(List<GraphCase> cases) {
    this.cases = cases;
  }

  static void addTo(List<GraphCase> cases) {
    SharedInputGraphs graphs = new SharedInputGraphs(cases);
    for (Transpose transA : Transpose.values()) {
      for (Transpose transB : Transpose.values()) {
        for (Epilogue epilogue : List.of(Epilogue.NONE, Epilogue.BIAS)) {
          Op op = new ProductOp.Gemm(transA, transB, 0.5f, epilogue);
          graphs.add(
              op,
              epilogue.hasBias()
                  ? List.of(f32(3, 3), f32(3, 3), f32(3))
                  : List.of(f32(3, 3), f32(3, 3)));
          graphs.add(
              op,
              epilogue.hasBias()
                  ? List.of(f32(2, 3, 3), f32(2, 3, 3), f32(3))
                  : List.of(f32(2, 3, 3), f32(2, 3, 3)));
        }
      }
    }
    TensorType images = f32(2, 2, 3, 3);
    graphs.add(
        new ConvolutionOp.Convolution(Window.of(3).withPadding(1), 1, Epilogue.ROW_BIAS),
        List.of(images, images, f32(2)));
    graphs.add(
        new ConvolutionOp.TransposedConvolution(Window.of(3).withPadding(1), 1, 3, 3),
        List.of(images, images));
    TensorType rows = f32(1, 3, 8);
    for (AttentionForm form : List.of(AttentionForm.of(2), AttentionForm.of(2).withCausal())) {
      graphs.add(new AttentionOp.Attention(form), List.of(rows, rows, rows));
      graphs.add(new AttentionOp.Attention(form.withMask()), List.of(rows, rows, rows, i32(1, 3)));
    }
    graphs.add(new NormOp.LayerNorm(EPSILON), List.of(f32(5), f32(5), f32(5)));
    graphs.add(new NormOp.LayerNorm(EPSILON), List.of(f32(3, 5), f32(5), f32(5)));
    graphs.add(new NormOp.RmsNorm(EPSILON), List.of(f32(5), f32(5)));
    graphs.add(new NormOp.GroupNorm(2, EPSILON), List.of(f32(3, 4), f32(4), f32(4)));
    for (boolean training : new boolean[] {false, true}) {
      graphs.add(
          new NormOp.BatchNorm(EPSILON, 0.1f, training),
          List.of(f32(4, 3), f32(3), f32(3)),
          f32(3),
          f32(3));
    }
    for (BinaryFunction f : BinaryFunction.values()) {
      if (!f.isComparison()) {
        graphs.add(new ElementwiseOp.Binary(f), List.of(f32(3, 4), f32(3, 4)));
      }
    }
    graphs.add(
        new RecurrentOp.Lstm(false, true, false),
        List.of(f32(2, 3, 8), f32(8, 2), f32(8), f32(2, 2), f32(2, 2)));
    graphs.add(
        new RecurrentOp.Gru(true, true, true),
        List.of(f32(3, 3, 3), f32(3, 1), f32(3), f32(3, 1)),
        i32(3));
    graphs.add(new LayoutOp.Concat(1), List.of(f32(2, 3), f32(2, 3), f32(2, 3)));
  }

  /**
   * Adds the cases of an op.
   *
   * @param inputs of which those of f32 are differentiated
   * @param state what follows them
   */
  private void add(Op op, List<TensorType> inputs, TensorType... state) {
    for (int i = 0; i < inputs.size(); i++) {
      List<Integer> same = new ArrayList<>(List.of(i));
      for (int j = i + 1; j < inputs.size(); j++) {
        if (inputs.get(i).equals(inputs.get(j))) {
          same.add(j);
          add(op, inputs, List.of(state), List.of(i, j));
        }
      }
      if (same.size() > 2) {
        add(op, inputs, List.of(state), same);
      }
    }
  }

  private void add(Op op, List<TensorType> inputs, List<TensorType> state, List<Integer> same) {
    for (Shared kind : Shared.values()) {
      GraphBuilder graph = new GraphBuilder();
      List<Value> operands = new ArrayList<>();
      List<Value> given = new ArrayList<>();
      Value shared = graph.parameter("shared", inputs.get(same.getFirst()));
      if (kind != Shared.PARAMETER) {
        shared =
            graph.add("", new ActivationOp.Activate(Activation.TANH), List.of(shared)).result();
      }
      for (int i = 0; i < inputs.size(); i++) {
        TensorType type = inputs.get(i);
        if (same.contains(i)) {
          operands.add(shared);
        } else if (type.dtype() == DType.F32) {
          operands.add(graph.parameter("input " + i, type));
        } else {
          given.add(graph.input("input " + i, type));
          operands.add(given.getLast());
        }
      }
      for (TensorType type : state) {
        given.add(graph.input("state " + given.size(), type));
        operands.add(given.getLast());
      }
      Value y = graph.add("", op, operands).result();
      if (kind == Shared.READ_LATER) {
        y =
            graph
                .add("", new LayoutOp.Concat(0), List.of(flat(graph, y), flat(graph, shared)))
                .result();
      }
      cases.add(
          new GraphCase("%s, inputs %s are one: %s".formatted(op, same, kind), graph, given, y));
    }
  }

  private static Value flat(GraphBuilder graph, Value x) {
    Shape shape = Shape.of(x.type().shape().size());
    return graph.add("", new LayoutOp.Reshape(shape), List.of(x)).result();
  }
}
