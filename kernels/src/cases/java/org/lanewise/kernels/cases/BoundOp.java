package org.lanewise.kernels.cases;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.ShapeRule;
import org.lanewise.kernels.op.TensorType;

/** An op bound to operands with reproducible contents. */
public final class BoundOp {
  private static final long ALIGNMENT = 8;

  public final Step step;
  private final List<Operand> inputs;
  private final List<Operand> outputs;

  public BoundOp(Backend backend, OpCase c) {
    this(backend, c, List.of());
  }

  /** With the same contents, but for outputs that are the memory of inputs. */
  public BoundOp(Backend backend, InPlaceCase c) {
    this(backend, c.op(), List.of(c));
  }

  private BoundOp(Backend backend, OpCase c, List<InPlaceCase> inPlace) {
    SplittableRandom random = new SplittableRandom(c.toString().hashCode());
    inputs = c.inputs().stream().map(type -> filled(backend, c, type, -3f, random)).toList();
    if (c.op() instanceof ElementwiseOp.Where) {
      for (int i = 0; i < c.inputs().getFirst().shape().size(); i += 1 + random.nextInt(3)) {
        set(0, i, i % 2 == 0 ? 0f : -0f);
      }
    }
    outputs = new ArrayList<>();
    for (TensorType type : ShapeRule.outputs(c.op(), c.inputs())) { // moments are not negative
      outputs.add(filled(backend, c, type, 0f, random));
    }
    for (InPlaceCase place : inPlace) {
      Operand input = inputs.get(place.input());
      TensorType type = outputs.get(place.output()).type();
      outputs.set(place.output(), new Operand(input.buffer(), input.offset(), type));
    }
    step = backend.bind(c.op(), inputs, outputs, c.writes());
  }

  private static Operand filled(
      Backend backend, OpCase c, TensorType type, float low, SplittableRandom random) {
    int offset = Math.max(4, type.dtype().byteSize());
    Operand operand = new Operand(backend.allocate(offset + type.byteSize()), offset, type);
    try (Arena arena = Arena.ofShared()) {
      MemorySegment values = arena.allocate(type.byteSize(), ALIGNMENT);
      if (c.op() instanceof ConversionOp && type.dtype() == DType.F32) {
        Elements.fillToRound(values, random);
      } else {
        Elements.fill(values, type, low, c.classes(), random);
      }
      operand.buffer().write(offset, values, 0, type.byteSize());
    }
    return operand;
  }

  /** Sets an element of an f32 input. */
  public void set(int input, int index, float value) {
    try (Arena arena = Arena.ofShared()) {
      Operand x = inputs.get(input);
      x.buffer().write(x.offset() + 4L * index, arena.allocateFrom(JAVA_FLOAT, value), 0, 4);
    }
  }

  public void setLabel(int row, int label) {
    set(1, row, label);
  }

  /** Sets an element of an i32 input. */
  public void set(int input, int index, int value) {
    try (Arena arena = Arena.ofShared()) {
      Operand x = inputs.get(input);
      x.buffer().write(x.offset() + 4L * index, arena.allocateFrom(JAVA_INT, value), 0, 4);
    }
  }

  /** The outputs after a run as f32, and then the inputs. */
  public List<float[]> run() {
    step.run();
    try (Arena arena = Arena.ofShared()) {
      return Stream.concat(outputs.stream(), inputs.stream())
          .map(operand -> {
            MemorySegment values = arena.allocate(operand.type().byteSize(), ALIGNMENT);
            operand.buffer().read(operand.offset(), values, 0, values.byteSize());
            return Elements.toFloats(values, operand.type());
          })
          .toList();
    }
  }
}
