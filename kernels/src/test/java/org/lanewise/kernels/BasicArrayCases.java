package org.lanewise.kernels;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.kernels.ArraysTest.Case;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.op.ClipOp;

/** Calls of elementwise functions, sums, embeddings, dropout and layouts for {@link ArraysTest}. */
final class BasicArrayCases {
  private BasicArrayCases() {}

  static Stream<Case> of(int n) {
    int columns = Math.min(n, 77);
    int rows = n / columns;
    int size = rows * columns;
    List<Case> cases = new ArrayList<>();
    for (Broadcast broadcast : Broadcast.values()) {
      for (boolean accumulate : new boolean[] {false, true}) {
        Object[] shape = {BinaryFunction.MAXIMUM, broadcast, accumulate, rows, columns};
        cases.add(elementwise("binary", shape, floats(size, 1), floats(size, 2), floats(size, 3)));
        for (String gradient : List.of("gradientX", "gradientY")) {
          cases.add(
              elementwise(
                  gradient,
                  shape,
                  floats(size, 1),
                  floats(size, 2),
                  floats(size, 3),
                  floats(size, 4)));
        }
      }
    }
    for (Broadcast broadcast : Broadcast.values()) {
      Object[] shape = {Broadcast.NONE, broadcast, Broadcast.COLUMN, rows, columns};
      cases.add(
          elementwise(
              "where", shape, floats(size, 1), floats(size, 2), floats(rows, 3), floats(size, 4)));
    }
    addSums(cases, n);
    cases.add(
        new Case("Reductions", "rowSums", rows, columns, true, floats(size, 1), floats(rows, 2)));
    cases.add(new Case("Reductions", "rowMaxima", rows, columns, floats(size, 1), floats(rows, 2)));
    cases.add(new Case("Reductions", "rowMinima", rows, columns, floats(size, 1), floats(rows, 2)));
    cases.add(new Case("Reductions", "rowArgmax", rows, columns, floats(size, 1), new int[rows]));
    cases.add(new Case("Reductions", "rowArgmin", rows, columns, floats(size, 1), new int[rows]));
    int[] indices = ArraysTest.labels(rows, 9);
    cases.add(
        new Case(
            "Embeddings",
            "gather",
            rows,
            columns,
            9,
            floats(9 * columns, 1),
            indices,
            floats(size, 2)));
    for (boolean accumulate : new boolean[] {false, true}) {
      cases.add(
          new Case(
              "Embeddings",
              "gatherBackward",
              rows,
              columns,
              9,
              accumulate,
              floats(size, 1),
              indices,
              floats(9 * columns, 2)));
      cases.add(
          new Case(
              "Layouts",
              "copyBlock",
              accumulate,
              rows,
              columns,
              floats(size + 5, 1),
              5,
              columns,
              floats(2 * size, 2),
              columns,
              2 * columns));
    }
    cases.add(new Case("Dropout", "dropout", 1, -2, 0.3, n, floats(n, 1), floats(n, 2)));
    cases.add(new Case("Layouts", "transpose", 1, rows, columns, floats(size, 1), floats(size, 2)));
    cases.add(
        new Case(
            "Layouts", "swapMiddleAxes", 1, rows, columns, 1, floats(size, 1), floats(size, 2)));
    cases.add(
        new Case(
            "Layouts",
            "permute",
            1,
            rows,
            1,
            columns,
            1,
            0,
            3,
            2,
            floats(size, 1),
            floats(size, 2)));
    cases.add(
        new Case(
            "Layouts",
            "pad",
            rows,
            columns,
            1,
            2,
            3,
            4,
            5f,
            floats(size, 1),
            floats((rows + 3) * (columns + 7), 2)));
    cases.add(
        new Case(
            "Optimizers",
            "adagrad",
            0.1,
            1e-10,
            0.01,
            0.1,
            0.5,
            3,
            n,
            floats(n, 1),
            floats(n, 2),
            ArraysTest.positive(n, 3)));
    cases.add(
        new Case(
            "Clipping",
            "gradientNorm",
            new long[] {n, 3},
            new float[][] {floats(n, 1), floats(3, 2)}));
    cases.add(
        new Case(
            "Clipping", "clip", new ClipOp.ClipValue(0.5), 0.25, n, floats(n, 1), floats(n, 2)));
    cases.add(new Case("Clipping", "factor", 3.0, n));
    return cases.stream();
  }

  private static Case elementwise(String name, Object[] shape, float[]... tensors) {
    Object[] arguments = Stream.concat(Arrays.stream(shape), Arrays.stream(tensors)).toArray();
    return new Case("Elementwise", name, arguments);
  }

  private static void addSums(List<Case> cases, int n) {
    for (String name : List.of("sum", "mean", "norm")) {
      cases.add(new Case("Blas1", name, n, floats(n, 1)));
      cases.add(new Case("Blas1F64", name, n, doubles(n, 1)));
    }
    cases.add(new Case("Blas1", "dot", n, floats(n, 1), floats(n, 2)));
    cases.add(new Case("Blas1F64", "dot", n, doubles(n, 1), doubles(n, 2)));
    for (String name : List.of("axpy", "scal")) {
      cases.add(new Case("Blas1", name, n, 0.3, floats(n, 1), floats(n, 2)));
      cases.add(new Case("Blas1F64", name, n, 0.3, doubles(n, 1), doubles(n, 2)));
    }
  }

  private static float[] floats(int size, long seed) {
    return ArraysTest.floats(size, seed);
  }

  private static double[] doubles(int size, long seed) {
    float[] floats = floats(size, seed);
    return IntStream.range(0, size).mapToDouble(i -> floats[i] / 3.0).toArray();
  }
}
