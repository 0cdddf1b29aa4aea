package org.lanewise.kernels.op;

import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;

/** Copies that change the layout of a tensor. */
public sealed interface LayoutOp extends Op {
  /** One of the model itself. */
  sealed interface Forward extends LayoutOp, Op.Forward {}

  /**
   * Permutes the axes: axis k of y is axis {@code axes[k]} of x. The gradient is the {@link
   * #inverse}. Input: x of as many axes. Output: y.
   *
   * @param axes the axes of x in some order, at most 4
   */
  record Permute(List<Integer> axes) implements Forward {
    /** As many axes can be permuted. */
    public static final int MAX_AXES = 4;

    /**
     * A permutation.
     *
     * @throws IllegalArgumentException if the axes are no permutation or too many
     */
    public Permute {
      axes = List.copyOf(axes);
      if (axes.size() > MAX_AXES) {
        throw new IllegalArgumentException(
            "axes must be at most %d but are %s".formatted(MAX_AXES, axes));
      }
      if (!axes.stream().sorted().toList().equals(range(axes.size()))) {
        throw new IllegalArgumentException(
            "axes must be 0 to %d in some order but are %s".formatted(axes.size() - 1, axes));
      }
    }

    /** The permutation that undoes this one. */
    public Permute inverse() {
      return new Permute(range(axes.size()).stream().map(axes::indexOf).toList());
    }

    private static List<Integer> range(int end) {
      return IntStream.range(0, end).boxed().toList();
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape x = in.count(1).f32(0, "x").shape();
      if (x.rank() != axes.size()) {
        throw new ShapeException(
            "Permute: x must have %d axes to permute to %s but is %s"
                .formatted(axes.size(), axes, x));
      }
      return List.of(TensorType.f32(axes.stream().mapToLong(x::dimension).toArray()));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return 0;
    }
  }

  /**
   * Puts tensors together along an axis. The gradient of each is a {@link Slice}. Inputs: one or
   * more, of the same shape but for the length of the axis. Output: y.
   *
   * @param axis from 0
   */
  record Concat(int axis) implements Forward {
    /**
     * A concatenation.
     *
     * @throws IllegalArgumentException if the axis is negative
     */
    public Concat {
      Ranges.atLeast("axis", 0, axis);
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      in.atLeast(1);
      Shape first = in.f32(0, "the first tensor").shape();
      in.axis(0, "the first tensor", axis);
      long length = 0;
      for (int i = 0; i < in.types().size(); i++) {
        Shape shape = in.f32(i, "tensor " + i).shape();
        if (shape.rank() != first.rank()
            || !shape.withDimension(axis, 0).equals(first.withDimension(axis, 0))) {
          throw new ShapeException(
              "Concat: tensors must differ in axis %d alone but are %s and %s"
                  .formatted(axis, first, shape));
        }
        length += shape.dimension(axis);
      }
      return List.of(TensorType.f32(first.withDimension(axis, length)));
    }

    @Override
    public Effects effects() {
      return Effects.reads("tensor").writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return 0;
    }
  }

  /**
   * The part {@code from ≤ i < to} of an axis. The gradient is a {@link Pad} with zeros. Input: x.
   * Output: y.
   *
   * @param axis from 0
   * @param from at least 0
   * @param to at least from
   */
  record Slice(int axis, long from, long to) implements Forward {
    /**
     * A slice.
     *
     * @throws IllegalArgumentException if the axis or the part is out of range
     */
    public Slice {
      Ranges.atLeast("axis", 0, axis);
      if (from < 0 || to < from) {
        throw new IllegalArgumentException(
            "from must be in [0, to] but is %d with to = %d".formatted(from, to));
      }
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape x = in.count(1).f32(0, "x").shape();
      in.axis(0, "x", axis);
      if (to > x.dimension(axis)) {
        throw new ShapeException(
            "Slice: x must have %d elements in axis %d but is %s".formatted(to, axis, x));
      }
      return List.of(TensorType.f32(x.withDimension(axis, to - from)));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").adds("y");
    }

    @Override
    public long flops(Inputs in) {
      return 0;
    }
  }

  /**
   * Puts a margin of some value before and after x in an axis. The gradient is a {@link Slice}.
   * Input: x. Output: y, which can be added to if the value is 0.
   *
   * @param axis from 0
   * @param before elements of the margin, at least 0
   * @param after elements of the margin, at least 0
   * @param value of the margin
   */
  record Pad(int axis, long before, long after, float value) implements Forward {
    /**
     * A margin.
     *
     * @throws IllegalArgumentException if the axis or the margin is negative
     */
    public Pad {
      Ranges.atLeast("axis", 0, axis);
      if (before < 0 || after < 0) {
        throw new IllegalArgumentException(
            "before and after must be at least 0 but are %d and %d".formatted(before, after));
      }
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape x = in.count(1).f32(0, "x").shape();
      in.axis(0, "x", axis);
      long length = before + x.dimension(axis) + after;
      return List.of(TensorType.f32(x.withDimension(axis, length)));
    }

    @Override
    public Effects effects() {
      Effects effects = Effects.reads("x");
      return value == 0 ? effects.adds("y") : effects.writes("y");
    }

    @Override
    public long flops(Inputs in) {
      return 0;
    }
  }

  /**
   * The same elements in another shape. A plan need not copy them. The gradient is the same with
   * the shape of x. Input: x of as many elements. Output: y of the given shape, which may be x.
   */
  record Reshape(Shape shape) implements Forward {
    /** A change of shape. */
    public Reshape {
      Objects.requireNonNull(shape, "shape");
    }

    @Override
    public List<TensorType> outputs(Inputs in) {
      TensorType x = in.count(1).types().getFirst();
      if (x.shape().size() != shape.size()) {
        throw new ShapeException(
            "Reshape: x is %s, which has %d elements, and cannot be %s, which has %d"
                .formatted(x, x.shape().size(), shape, shape.size()));
      }
      return List.of(new TensorType(x.dtype(), shape));
    }

    @Override
    public Effects effects() {
      return Effects.reads("x").adds("y", "x");
    }

    @Override
    public long flops(Inputs in) {
      return 0;
    }
  }

  /**
   * Writes rows into a tensor, from a row on that is known at run time: {@code y[b][position[b] +
   * i] = rows[b][i]}, and {@code y = x} elsewhere. It has no gradient. Inputs: x [batch, capacity,
   * width], rows [batch, length, width], position i32 [batch] in 0..capacity−length. Output: y like
   * x, which may be x: then only the rows are written.
   */
  record WriteAt() implements LayoutOp {
    @Override
    public List<TensorType> outputs(Inputs in) {
      Shape x = in.count(3).f32(0, "x").shape();
      Shape rows = in.f32(1, "rows").shape();
      boolean fit =
          x.rank() == 3
              && rows.rank() == 3
              && rows.withDimension(1, x.dimension(1)).equals(x)
              && rows.dimension(1) <= x.dimension(1);
      if (!fit) {
        throw new ShapeException(
            "WriteAt: x must be [batch, capacity, width] and rows [batch, at most capacity, width] but they are %s and %s"
                .formatted(x, rows));
      }
      in.type(2, "position", TensorType.i32(x.dimension(0)));
      return List.of(in.types().getFirst());
    }

    @Override
    public Effects effects() {
      return Effects.reads("x", "rows", "position").writes("y", "x");
    }

    @Override
    public long flops(Inputs in) {
      return 0;
    }
  }
}
