package org.lanewise.ffi.opencl.backend;

import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;

/** Layouts on a device. */
final class LayoutSteps {
  private static final int AXES = LayoutOp.Permute.MAX_AXES;

  /** What positions that are out of range are told by. */
  static final String POSITION_FAULT =
      "position %d of sample %d is none of the %d at which the rows fit";

  private LayoutSteps() {}

  static Step bind(LayoutOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case LayoutOp.Permute permute -> permute(permute, in, out, launcher);
      case LayoutOp.Concat(var axis) -> concat(axis, in, out, launcher);
      case LayoutOp.Slice(var axis, var from, _) -> {
        Block part = Block.of(in.get(0), axis, from, out.shape(0));
        yield copy(part, part.in(out.get(0)), out.adds(0), launcher);
      }
      case LayoutOp.Pad(var axis, var before, _, var value) -> {
        Block part = Block.of(out.get(0), axis, before, in.shape(0));
        Step copy = copy(part.in(in.get(0)), part, out.adds(0), launcher);
        yield out.adds(0) ? copy : launcher.sequence(launcher.fill(out.get(0), value), copy);
      }
      case LayoutOp.WriteAt _ -> writeAt(in, out, launcher);
      case LayoutOp.Reshape _ -> {
        Block all = new Block(in.get(0), 0, 1, in.size(0), in.size(0));
        yield out.adds(0)
            ? copy(all, all.in(out.get(0)), true, launcher)
            : copy(in.get(0), out.get(0), launcher);
      }
    };
  }

  private static Step writeAt(Operands in, Operands out, Launcher launcher) {
    long capacity = in.dimension(0, 1);
    long length = in.dimension(1, 1);
    long columns = in.dimension(0, 2);
    long rows = in.dimension(0, 0) * length;
    Step write =
        launcher
            .kernel("layout.cl", "write_at")
            .tensor(in.get(1))
            .tensor(in.get(2))
            .tensor(out.get(0))
            .number(length)
            .number(capacity)
            .number(rows)
            .number(columns)
            .integer((int) Math.min(capacity - length + 1, Integer.MAX_VALUE))
            .fault(POSITION_FAULT)
            .overVectors(columns, rows, 1);
    if (out.get(0).isSameMemory(in.get(0))) {
      return write;
    }
    return launcher.sequence(copy(in.get(0), out.get(0), launcher), write);
  }

  private static Step concat(int axis, Operands in, Operands out, Launcher launcher) {
    Step[] copies = new Step[in.count()];
    long from = 0;
    for (int i = 0; i < copies.length; i++) {
      Block part = Block.of(out.get(0), axis, from, in.shape(i));
      copies[i] = copy(part.in(in.get(i)), part, false, launcher);
      from += in.dimension(i, axis);
    }
    return launcher.sequence(copies);
  }

  /**
   * A part of an axis of a tensor, as rows of the matrix that the tensor is if its rows begin with
   * that axis.
   *
   * @param from the first element
   * @param step from one row to the next
   */
  private record Block(Operand tensor, long from, long rows, long columns, long step) {
    /** The part that begins at {@code from} and has a shape. */
    static Block of(Operand tensor, int axis, long from, Shape part) {
      long inner = part.size(axis + 1, part.rank());
      return new Block(
          tensor,
          from * inner,
          part.size(0, axis),
          part.size(axis, part.rank()),
          tensor.type().shape().dimension(axis) * inner);
    }

    /** The same rows without gaps, which are all of another tensor. */
    Block in(Operand other) {
      return new Block(other, 0, rows, columns, columns);
    }
  }

  /** Copies a tensor of any type. */
  private static Step copy(Operand x, Operand y, Launcher launcher) {
    return launcher
        .kernel("layout.cl", "copy_bytes")
        .tensor(bytes(x))
        .tensor(bytes(y))
        .number(x.type().byteSize())
        .overVectors(x.type().byteSize());
  }

  private static Operand bytes(Operand tensor) {
    return new Operand(tensor.buffer(), tensor.offset(), TensorType.u8(tensor.type().byteSize()));
  }

  private static Step copy(Block x, Block y, boolean accumulate, Launcher launcher) {
    return launcher
        .kernel("layout.cl", "copy_rows")
        .tensor(x.tensor, x.from)
        .number(0)
        .number(0)
        .number(x.step)
        .number(1)
        .number(x.rows)
        .tensor(y.tensor, y.from)
        .number(y.step)
        .number(y.rows)
        .number(y.columns)
        .flag(accumulate)
        .overVectors(y.columns, y.rows, 1);
  }

  /**
   * Copies rows that are contiguous in both tensors, or if there are none but elements, transposes
   * matrices. Axes of size 1 are left out and those that stay neighbours are one.
   */
  private static Step permute(LayoutOp.Permute op, Operands in, Operands out, Launcher launcher) {
    Shape x = in.shape(0);
    long[] sizes = {1, 1, 1, 1}; // of the axes of y, the last ones of four
    long[] steps = new long[AXES]; // from one element to the next in x
    int first = AXES;
    for (int axis : op.axes().reversed()) {
      long size = x.dimension(axis);
      long step = x.size(axis + 1, x.rank());
      if (first < AXES && step == sizes[first] * steps[first]) {
        sizes[first] *= size;
      } else if (size != 1) {
        first--;
        sizes[first] = size;
        steps[first] = step;
      }
    }
    return first == AXES || steps[AXES - 1] == 1
        ? permuteRows(in.get(0), sizes, steps, out.get(0), launcher)
        : transpose(in.get(0), sizes, steps, out.get(0), launcher);
  }

  private static Step permuteRows(
      Operand x, long[] sizes, long[] xSteps, Operand y, Launcher launcher) {
    long rows = sizes[0] * sizes[1] * sizes[2];
    return launcher
        .kernel("layout.cl", "copy_rows")
        .tensor(x)
        .number(xSteps[0])
        .number(xSteps[1])
        .number(xSteps[2])
        .number(sizes[1])
        .number(sizes[2])
        .tensor(y)
        .number(sizes[3])
        .number(rows)
        .number(sizes[3])
        .integer(0)
        .overVectors(sizes[3], rows, 1);
  }

  /**
   * Transposes matrices of the last axis and that which is contiguous in x, for all numbers of the
   * two axes left.
   */
  private static Step transpose(
      Operand x, long[] sizes, long[] xSteps, Operand y, Launcher launcher) {
    long[] ySteps = {sizes[1] * sizes[2] * sizes[3], sizes[2] * sizes[3], sizes[3], 1};
    int lines = 0;
    while (xSteps[lines] != 1) {
      lines++;
    }
    int first = lines == 0 ? 1 : 0;
    int second = lines == 2 ? 1 : 2;
    long matrices = sizes[first] * sizes[second];
    return launcher
        .kernel("layout.cl", "transpose_matrices")
        .tensor(x)
        .number(xSteps[first])
        .number(xSteps[second])
        .number(xSteps[3])
        .tensor(y)
        .number(ySteps[first])
        .number(ySteps[second])
        .number(ySteps[lines])
        .number(sizes[second])
        .number(matrices)
        .number(sizes[lines])
        .number(sizes[3])
        .overVectors(sizes[3], Launcher.vectors(sizes[lines]), matrices);
  }
}
