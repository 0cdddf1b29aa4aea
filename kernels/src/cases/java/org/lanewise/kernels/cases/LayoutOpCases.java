package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.Arrays;
import java.util.List;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;

/** Layouts along every axis. */
final class LayoutOpCases {
  private LayoutOpCases() {}

  static void addTo(List<OpCase> cases) {
    permutations(cases);
    reshapesOfEachType(cases);
    cases.add(new OpCase(new LayoutOp.Concat(0), f32(3)));
    for (int axis = 0; axis < 3; axis++) {
      cases.add(concat(axis, Shape.of(5, 7, 9), 1, 0, 17));
      cases.add(concat(axis, Shape.of(41, 33, 37), 20, 13));
      cases.add(new OpCase(new LayoutOp.Slice(axis, 1, 4), f32(5, 7, 9)));
      cases.add(new OpCase(new LayoutOp.Slice(axis, 2, 2), f32(5, 7, 9)));
      cases.add(new OpCase(new LayoutOp.Slice(axis, 3, 33), f32(41, 33, 37)));
      for (float value : new float[] {0f, 2f}) {
        cases.add(new OpCase(new LayoutOp.Pad(axis, 1, 2, value), f32(5, 7, 9)));
        cases.add(new OpCase(new LayoutOp.Pad(axis, 0, 0, value), f32(5, 7, 9)));
        cases.add(new OpCase(new LayoutOp.Pad(axis, 3, 5, value), f32(41, 33, 37)));
        cases.add(new OpCase(new LayoutOp.Pad(axis, 3, 5, value), f32(2, 0, 3)));
      }
    }
    for (long[] sizes : new long[][] {{0, 3}, {5, 7}, {100, 1003}}) {
      Shape shape = Shape.of(1, sizes[0] * sizes[1]);
      cases.add(new OpCase(new LayoutOp.Reshape(shape), f32(sizes)));
    }
    cases.add(new OpCase(new LayoutOp.Slice(0, 3, 90_000), f32(100_003)));
    writesAt(cases, 1, 1, 1, 1);
    writesAt(cases, 3, 40, 1, 300);
    writesAt(cases, 2, 7, 7, 17);
    writesAt(cases, 2, 7, 0, 17);
    writesAt(cases, 5, 100, 33, 70);
    cases.add(new OpCase(new LayoutOp.Pad(0, 3, 7, 0f), f32(100_003)));
  }

  private static void writesAt(List<OpCase> cases, int batch, int capacity, int length, int width) {
    cases.add(
        new OpCase(
            new LayoutOp.WriteAt(),
            capacity - length + 1,
            List.of(f32(batch, capacity, width), f32(batch, length, width), i32(batch))));
  }

  private static void reshapesOfEachType(List<OpCase> cases) {
    for (DType dtype : DType.values()) {
      for (long size : new long[] {1, 15, 1000, 100_003}) {
        cases.add(new OpCase(new LayoutOp.Reshape(Shape.of(size, 1)), TensorType.of(dtype, size)));
      }
    }
  }

  private static void permutations(List<OpCase> cases) {
    cases.add(new OpCase(new LayoutOp.Permute(List.of()), f32()));
    cases.add(new OpCase(new LayoutOp.Permute(List.of(0)), f32(17)));
    cases.add(new OpCase(new LayoutOp.Permute(List.of(1, 0)), f32(0, 3)));
    cases.add(new OpCase(new LayoutOp.Permute(List.of(1, 0)), f32(333, 300)));
    cases.add(new OpCase(new LayoutOp.Permute(List.of(2, 0, 1)), f32(5, 7, 9)));
    cases.add(new OpCase(new LayoutOp.Permute(List.of(1, 2, 0)), f32(5, 1, 9)));
    for (List<Integer> axes :
        List.of(
            List.of(0, 1, 2, 3),
            List.of(0, 2, 1, 3),
            List.of(3, 2, 1, 0),
            List.of(0, 3, 1, 2),
            List.of(2, 3, 0, 1))) {
      cases.add(new OpCase(new LayoutOp.Permute(axes), f32(9, 17, 20, 33)));
    }
  }

  private static OpCase concat(int axis, Shape shape, long... lengths) {
    return new OpCase(
        new LayoutOp.Concat(axis),
        0,
        Arrays.stream(lengths)
            .mapToObj(length -> new TensorType(DType.F32, shape.withDimension(axis, length)))
            .toList());
  }
}
