package org.lanewise.kernels.cases;

import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.Effects;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/**
 * An op of which an operand that is written overlaps with another one as its effects do not allow.
 * Operands are numbered from the inputs on.
 *
 * @param distance bytes from the first one's beginning to the other's
 */
public record OverlapCase(OpCase op, int written, int other, int distance) {
  /** All pairs of operands of each op and setting, in the same place and one element apart. */
  public static Stream<OverlapCase> all() {
    Map<List<Object>, OpCase> smallest = new LinkedHashMap<>();
    for (OpCase c : OpCases.all()) {
      if (c.inputs().stream().allMatch(type -> type.shape().size() > 0)) {
        smallest.merge(
            List.of(c.op(), c.writes()), c, (one, next) -> size(one) <= size(next) ? one : next);
      }
    }
    return smallest.values().stream().flatMap(OverlapCase::of);
  }

  private static long size(OpCase c) {
    return c.inputs().stream().mapToLong(TensorType::byteSize).sum();
  }

  private static Stream<OverlapCase> of(OpCase op) {
    int count = op.inputs().size() + op.op().effects().outputs().size();
    return IntStream.range(0, count * count)
        .boxed()
        .flatMap(pair ->
            Stream.of(0, Float.BYTES)
                .map(distance -> new OverlapCase(op, pair / count, pair % count, distance)))
        .filter(OverlapCase::isForbidden);
  }

  private boolean isForbidden() {
    List<TensorType> types = types();
    return written != other
        && isOutput(written)
        && distance < types.get(written).byteSize()
        && types.get(other).byteSize() > 0
        && !(distance == 0 && isInPlace(types));
  }

  private boolean isInPlace(List<TensorType> types) {
    int output = written - op.inputs().size();
    return !isOutput(other)
        && op.writes().get(output) == Write.OVERWRITE
        && types.get(written).byteSize() == types.get(other).byteSize()
        && op.op().effects().mayBeInPlace(output, other);
  }

  private boolean isOutput(int operand) {
    return operand >= op.inputs().size();
  }

  private List<TensorType> types() {
    return Stream.concat(op.inputs().stream(), ShapeRule.outputs(op.op(), op.inputs()).stream())
        .toList();
  }

  /** Checks that a backend refuses to bind the op, and says why. */
  public void checkRefused(Backend backend) {
    assertThatThrownBy(() -> bind(backend))
        .as("%s", this)
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageStartingWith(op.op().name() + ": ")
        .hasMessageContaining(name(written) + " " + types().get(written))
        .hasMessageContaining(name(other) + " " + types().get(other))
        .hasMessageContaining("must not overlap");
  }

  private void bind(Backend backend) {
    List<Operand> operands = new ArrayList<>();
    for (TensorType type : types()) {
      operands.add(new Operand(backend.allocate(type.byteSize()), 0, type));
    }
    TensorType type = operands.get(written).type();
    TensorType otherType = operands.get(other).type();
    Buffer both = backend.allocate(Math.max(type.byteSize(), distance + otherType.byteSize()));
    operands.set(written, new Operand(both, 0, type));
    operands.set(other, new Operand(both, distance, otherType));
    int inputs = op.inputs().size();
    backend.bind(
        op.op(),
        operands.subList(0, inputs),
        operands.subList(inputs, operands.size()),
        op.writes());
  }

  private String name(int operand) {
    Effects effects = op.op().effects();
    return isOutput(operand)
        ? effects.output(operand - op.inputs().size()).name()
        : effects.input(operand);
  }

  @Override
  public String toString() {
    return "%s %d bytes before %s: %s".formatted(name(written), distance, name(other), op);
  }
}
