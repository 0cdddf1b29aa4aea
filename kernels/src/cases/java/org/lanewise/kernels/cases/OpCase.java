package org.lanewise.kernels.cases;

import java.util.List;
import java.util.stream.Stream;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/**
 * An op to be tested.
 *
 * @param classes labels and indices are in 0..{@code classes}−1
 */
public record OpCase(Op op, int classes, List<TensorType> inputs, List<Write> writes) {
  /** Overwrites its outputs. */
  public OpCase(Op op, int classes, List<TensorType> inputs) {
    this(op, classes, inputs, Write.overwriteAll(op.effects().outputs().size()));
  }

  public OpCase(Op op, TensorType... inputs) {
    this(op, 0, List.of(inputs));
  }

  /** The op with each output overwritten and, where it can be, added to. */
  Stream<OpCase> withAllWrites() {
    Stream<List<Write>> all = Stream.of(List.of());
    List<TensorType> types = ShapeRule.outputs(op, inputs);
    for (int i = 0; i < types.size(); i++) {
      boolean adds = ShapeRule.canBeAddedTo(op, i, types.get(i));
      List<Write> own = adds ? List.of(Write.values()) : List.of(Write.OVERWRITE);
      all =
          all.flatMap(writes ->
              own.stream().map(write -> Stream.concat(writes.stream(), Stream.of(write)).toList()));
    }
    return all.map(writes -> new OpCase(op, classes, inputs, writes));
  }

  @Override
  public String toString() {
    return "%s of %s, %s".formatted(op, inputs, writes);
  }
}
