package org.lanewise.kernels.op;

import java.util.ArrayList;
import java.util.List;

/** The operand types of each op. */
public final class ShapeRule {
  private static final TensorType SCALAR = TensorType.f32();

  private ShapeRule() {}

  /**
   * The types of an op's outputs.
   *
   * @throws ShapeException if the op does not take such inputs
   */
  public static List<TensorType> outputs(Op op, List<TensorType> inputs) {
    Inputs in = new Inputs(op, inputs);
    return switch (op) {
      case Op.Gemm gemm -> gemm(gemm, in);
      case Op.Activate _ -> in.count(1).sameF32(0);
      case Op.ActivateBackward _ -> in.count(2).equal(0, "y", 1, "dy").sameF32(0);
      case Op.ColumnSums _ -> List.of(TensorType.f32(in.count(1).matrix(0, "x").dimension(1)));
      case Op.SoftmaxCrossEntropy _ -> {
        long rows = rowsWithLabels(in.count(2));
        yield List.of(SCALAR, TensorType.f32(rows));
      }
      case Op.SoftmaxCrossEntropyBackward _ -> {
        long rows = rowsWithLabels(in.count(3));
        in.type(2, "log-sum-exp", TensorType.f32(rows));
        yield in.sameF32(0);
      }
      case Op.MeanSquaredError _ -> {
        in.count(2).equal(0, "prediction", 1, "target").nonEmpty(0, "prediction").sameF32(0);
        yield List.of(SCALAR);
      }
      case Op.MeanSquaredErrorBackward _ ->
          in.count(2).equal(0, "prediction", 1, "target").nonEmpty(0, "prediction").sameF32(0);
      case Op.Sgd sgd -> update(in, sgd.momentum() == 0 ? 1 : 2);
      case Op.RmsProp _ -> update(in, 2);
      case Op.Adam _ -> update(in, 3);
    };
  }

  /**
   * Checks that an op takes these operands.
   *
   * @throws ShapeException if not
   */
  public static void check(Op op, List<TensorType> inputs, List<TensorType> outputs) {
    List<TensorType> expected = outputs(op, inputs);
    if (!expected.equals(outputs)) {
      throw new ShapeException(
          name(op) + " of " + inputs + " writes " + expected + " but its outputs are " + outputs);
    }
  }

  /** The op's name as messages show it. */
  public static String name(Op op) {
    return op.getClass().getSimpleName();
  }

  private static List<TensorType> gemm(Op.Gemm gemm, Inputs in) {
    in.count(gemm.epilogue().hasBias() ? 3 : 2);
    Shape a = in.matrix(0, "A");
    Shape b = in.matrix(1, "B");
    boolean transA = gemm.transA() == Transpose.YES;
    boolean transB = gemm.transB() == Transpose.YES;
    long m = a.dimension(transA ? 1 : 0);
    long k = a.dimension(transA ? 0 : 1);
    long n = b.dimension(transB ? 0 : 1);
    if (k != b.dimension(transB ? 1 : 0)) {
      throw new ShapeException(
          "Gemm: inner dimensions differ: A is %s%s, B is %s%s"
              .formatted(a, transA ? " transposed" : "", b, transB ? " transposed" : ""));
    }
    if (gemm.epilogue().hasBias()) {
      in.type(2, "bias", TensorType.f32(n));
    }
    return List.of(TensorType.f32(m, n));
  }

  private static long rowsWithLabels(Inputs in) {
    Shape logits = in.matrix(0, "logits");
    in.nonEmpty(0, "logits").type(1, "labels", TensorType.i32(logits.dimension(0)));
    return logits.dimension(0);
  }

  private static List<TensorType> update(Inputs in, int outputs) {
    in.count(2).type(1, "step scalars", StepScalars.TYPE);
    List<TensorType> types = new ArrayList<>();
    for (int i = 0; i < outputs; i++) {
      types.addAll(in.sameF32(0));
    }
    return List.copyOf(types);
  }

  /** The inputs of an op, with checks that name what is wrong. */
  private record Inputs(Op op, List<TensorType> types) {
    Inputs count(int expected) {
      if (types.size() != expected) {
        throw new ShapeException(
            "%s takes %d inputs but got %s".formatted(name(op), expected, types));
      }
      return this;
    }

    Shape matrix(int index, String name) {
      TensorType type = types.get(index);
      if (type.dtype() != DType.F32 || type.shape().rank() != 2) {
        throw new ShapeException(
            "%s: %s must be an f32 matrix but is %s".formatted(name(op), name, type));
      }
      return type.shape();
    }

    Inputs type(int index, String name, TensorType expected) {
      if (!types.get(index).equals(expected)) {
        throw new ShapeException(
            "%s of %s: %s must be %s but is %s"
                .formatted(name(op), types.get(0), name, expected, types.get(index)));
      }
      return this;
    }

    Inputs equal(int first, String firstName, int second, String secondName) {
      if (!types.get(first).equals(types.get(second))) {
        throw new ShapeException(
            "%s: %s is %s but %s is %s"
                .formatted(name(op), firstName, types.get(first), secondName, types.get(second)));
      }
      return this;
    }

    Inputs nonEmpty(int index, String name) {
      if (types.get(index).shape().size() == 0) {
        throw new ShapeException(
            "%s: %s must not be empty but is %s".formatted(name(op), name, types.get(index)));
      }
      return this;
    }

    List<TensorType> sameF32(int index) {
      TensorType type = types.get(index);
      if (type.dtype() != DType.F32) {
        throw new ShapeException("%s takes f32 but got %s".formatted(name(op), type));
      }
      return List.of(type);
    }
  }
}
