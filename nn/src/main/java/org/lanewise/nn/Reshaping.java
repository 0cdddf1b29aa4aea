package org.lanewise.nn;

import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.Shape;

/** The same elements in another order or shape. Axes count from 0, or if negative from the end. */
public sealed interface Reshaping permits Tensor {
  private Tensor self() {
    return (Tensor) this;
  }

  /**
   * The same elements in another shape, in most cases without a copy.
   *
   * @param dimensions one of them may be −1, which stands for what is left
   */
  default Tensor reshape(long... dimensions) {
    long known = 1;
    int open = -1;
    for (int axis = 0; axis < dimensions.length; axis++) {
      if (dimensions[axis] != -1) {
        known *= dimensions[axis];
      } else if (open < 0) {
        open = axis;
      } else {
        throw self()
            .mismatch("one dimension may be -1 but they are " + Arrays.toString(dimensions));
      }
    }
    long[] lengths = dimensions.clone();
    if (open >= 0) {
      long size = self().shape().size();
      if (known == 0 || size % known != 0) {
        throw self()
            .mismatch(
                "no length fits for -1 in %s, as %s has %d elements"
                    .formatted(Arrays.toString(dimensions), this, size));
      }
      lengths[open] = size / known;
    }
    return reshape(Shape.of(lengths));
  }

  /** The same elements in another shape, in most cases without a copy. */
  default Tensor reshape(Shape shape) {
    return shape.equals(self().shape())
        ? self()
        : self().trace().apply(new LayoutOp.Reshape(shape), self());
  }

  /** A row for each sample: [batch, …] as [batch, elements]. */
  default Tensor flatten() {
    Shape shape = self().shape();
    return reshape(Shape.of(shape.dimension(0), shape.size(1, shape.rank())));
  }

  /**
   * Some neighbouring axes as one.
   *
   * @param first the first of them
   * @param last the last of them
   */
  default Tensor flatten(int first, int last) {
    int from = self().axis(first);
    int to = self().axis(last) + 1;
    if (to <= from) {
      throw self().mismatch("axis %d of %s is after axis %d".formatted(first, this, last));
    }
    Shape shape = self().shape();
    long[] dimensions = new long[shape.rank() - (to - from) + 1];
    for (int k = 0; k < dimensions.length; k++) {
      dimensions[k] = shape.dimension(k <= from ? k : k + to - from - 1);
    }
    dimensions[from] = shape.size(from, to);
    return reshape(dimensions);
  }

  /**
   * The elements with permuted axes: axis k of the result is axis {@code axes[k]} of this tensor.
   *
   * @param axes all axes, at most 4
   */
  default Tensor permute(int... axes) {
    List<Integer> order = Arrays.stream(axes).map(self()::axis).boxed().toList();
    return self().trace().apply(new LayoutOp.Permute(order), self());
  }

  /** The elements with two axes exchanged. */
  default Tensor transpose(int axis0, int axis1) {
    int[] order = IntStream.range(0, self().shape().rank()).toArray();
    order[self().axis(axis0)] = self().axis(axis1);
    order[self().axis(axis1)] = self().axis(axis0);
    return permute(order);
  }

  /** This tensor and others, one after the other along an axis; their shapes differ in it alone. */
  default Tensor concat(int axis, Operand... others) {
    Operand[] parts = Stream.concat(Stream.of(self()), Stream.of(others)).toArray(Operand[]::new);
    return self().trace().apply(new LayoutOp.Concat(self().axis(axis)), parts);
  }

  /**
   * Writes the rows of this tensor, [batch, length, width], into a state, from a row on that is
   * known when the function runs. It has no gradient.
   *
   * @param state [batch, capacity, width]
   * @param position i32 [batch], in 0..capacity−length: the row of the state that becomes the first
   *     row of this tensor
   * @return what the state is from here on, and after the run
   */
  default Tensor writeTo(State state, Tensor position) {
    Tensor written = self().trace().apply(new LayoutOp.WriteAt(), state, self(), position);
    self().trace().update(state, written.value());
    return written;
  }

  /** The part {@code from ≤ i < to} of an axis. */
  default Tensor slice(int axis, long from, long to) {
    return self().trace().apply(new LayoutOp.Slice(self().axis(axis), from, to), self());
  }

  /** A margin of zeros before and after the elements of an axis. */
  default Tensor pad(int axis, long before, long after) {
    return pad(axis, before, after, 0f);
  }

  /** A margin of some value before and after the elements of an axis. */
  default Tensor pad(int axis, long before, long after, float margin) {
    return self().trace().apply(new LayoutOp.Pad(self().axis(axis), before, after, margin), self());
  }

  /**
   * A margin before and after the elements of an axis.
   *
   * @param mode what is in it; a reflection must be shorter than the axis, and a circular margin at
   *     most as long
   */
  default Tensor pad(int axis, long before, long after, PaddingMode mode) {
    return Margins.around(self(), self().axis(axis), before, after, mode);
  }
}
