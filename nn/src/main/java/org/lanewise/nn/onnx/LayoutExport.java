package org.lanewise.nn.onnx;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.LongStream;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.ReductionOp;

/** Copies in another layout, and reductions, whose axes follow from shapes. */
final class LayoutExport {
  private LayoutExport() {}

  static String export(LayoutOp op, Emitter e) {
    return switch (op) {
      case LayoutOp.Permute(var axes) ->
          e.transpose(e.input(0), axes.stream().mapToLong(Integer::longValue).toArray());
      case LayoutOp.Concat(var axis) ->
          e.addAll("Concat", 1, Map.of("axis", (long) axis), e.inputs()).getFirst();
      case LayoutOp.Slice(var axis, _, _) -> slice(axis, e);
      case LayoutOp.Pad(var axis, _, _, var value) -> pad(axis, value, e);
      case LayoutOp.Reshape _ -> reshape(e.input(0), e.inputShape(0), e.resultShape(), e);
      case LayoutOp.WriteAt _ -> writeAt(e);
    };
  }

  private static String slice(int axis, Emitter e) {
    Dimension from = e.component(LayoutOp.Slice.class, LayoutOp.Slice::from);
    Dimension to = e.component(LayoutOp.Slice.class, LayoutOp.Slice::to);
    boolean isToEnd = to.equals(e.inputShape(0).get(axis));
    return e.add(
        "Slice",
        e.input(0),
        e.lengths().vector(List.of(from)),
        isToEnd && !to.isConstant() ? e.integers(Long.MAX_VALUE) : e.lengths().vector(List.of(to)),
        e.integers(axis));
  }

  private static String pad(int axis, float value, Emitter e) {
    int rank = e.rank(0);
    Dimension none = Dimension.of(e.ops(), _ -> 0);
    List<Dimension> margins = new ArrayList<>(Collections.nCopies(2 * rank, none));
    margins.set(axis, e.component(LayoutOp.Pad.class, LayoutOp.Pad::before));
    margins.set(rank + axis, e.component(LayoutOp.Pad.class, LayoutOp.Pad::after));
    return e.add("Pad", e.input(0), e.lengths().vector(margins), e.number(value));
  }

  /**
   * A change of shape. Lengths that vary are those of the same axes of x, or what is left, or
   * computed.
   */
  private static String reshape(String x, List<Dimension> from, List<Dimension> to, Emitter e) {
    boolean isEmpty = to.stream().anyMatch(length -> length.is(0));
    List<Dimension> lengths = new ArrayList<>(to);
    if (!isEmpty) { // where 0 does not stand for an axis of x
      for (int axis = 0; axis < Math.min(from.size(), to.size()); axis++) {
        if (!to.get(axis).isConstant() && to.get(axis).equals(from.get(axis))) {
          lengths.set(axis, Dimension.of(e.ops(), _ -> 0));
        }
      }
      List<Integer> open =
          IntStream.range(0, lengths.size())
              .filter(axis -> !lengths.get(axis).isConstant())
              .boxed()
              .toList();
      if (open.size() == 1) {
        lengths.set(open.getFirst(), Dimension.of(e.ops(), _ -> -1));
      }
    }
    return e.add(
        "Reshape", isEmpty ? Map.of("allowzero", 1L) : Map.of(), x, e.lengths().vector(lengths));
  }

  /** Each row of y is a row of x, or one of the rows that are written, which is gathered. */
  private static String writeAt(Emitter e) {
    String x = e.input(0);
    String rows = e.input(1);
    String position = e.unsqueeze(e.cast(e.input(2), OnnxType.INT64), 1);
    String row = e.add("Sub", e.range(x, 1), position);
    String last = e.add("Sub", e.length(rows, 1), e.integer(1));
    String nearest = e.add("Max", e.add("Min", row, last), e.integer(0));
    String gathered = e.add("GatherND", Map.of("batch_dims", 1L), rows, e.unsqueeze(nearest, 2));
    return e.add("Where", e.unsqueeze(e.add("Equal", row, nearest), 2), gathered, x);
  }

  static String export(ReductionOp.Forward op, Emitter e) {
    int rank = e.rank(0);
    List<Dimension> to = e.resultShape();
    int lacking = rank - to.size();
    List<Dimension> x = e.inputShape(0);
    long[] axes =
        IntStream.range(0, rank)
            .filter(axis -> axis < lacking || !to.get(axis - lacking).equals(x.get(axis)))
            .asLongStream()
            .toArray();
    String reduced = axes.length == 0 ? e.input(0) : reduced(op, axes, e);
    return lacking == 0
        ? axes.length == 0 ? e.add("Identity", reduced) : reduced
        : e.squeeze(reduced, LongStream.range(0, lacking).toArray());
  }

  private static String reduced(ReductionOp.Forward op, long[] axes, Emitter e) {
    return switch (op) {
      case ReductionOp.Sum _ ->
          e.add("ReduceSum", Map.of("keepdims", 1L), e.input(0), e.integers(axes));
      case ReductionOp.Mean _ ->
          e.add("ReduceMean", Map.of("keepdims", 1L, "axes", axes), e.input(0));
    };
  }
}
