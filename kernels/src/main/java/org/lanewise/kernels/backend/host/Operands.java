package org.lanewise.kernels.backend.host;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.host.Repeated;
import org.lanewise.kernels.op.Broadcasting;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.kernels.op.Write;

/**
 * The inputs or the outputs of an op with their memory.
 *
 * @param writes how outputs are written, or empty for inputs
 */
record Operands(List<Operand> operands, List<MemorySegment> segments, List<Write> writes) {
  /** The memory of an operand. */
  public MemorySegment segment(int index) {
    return segments.get(index);
  }

  /** The memory of an operand, or null if there are fewer. */
  public MemorySegment optional(int index) {
    return index < segments.size() ? segments.get(index) : null;
  }

  /** Whether an output is added to. */
  public boolean adds(int index) {
    return writes.get(index) == Write.ADD;
  }

  /** An operand, repeated to fill a shape. */
  public Repeated repeated(int index, Shape whole) {
    Broadcasting repetition = Broadcasting.of(whole, shape(index)).orElseThrow();
    return new Repeated(segment(index), repetition.broadcast(), repetition.columns());
  }

  /** Whether an operand is the very memory of one of others. */
  public boolean isSameMemory(int index, Operands others, int other) {
    return operands.get(index).isSameMemory(others.operands.get(other));
  }

  /** The types of all operands. */
  public List<TensorType> types() {
    return operands.stream().map(Operand::type).toList();
  }

  /** The shape of an operand. */
  public Shape shape(int index) {
    return operands.get(index).type().shape();
  }

  /** The number of elements of an operand. */
  public long size(int index) {
    return shape(index).size();
  }

  /** The length of an operand's axis. */
  public long dimension(int index, int axis) {
    return shape(index).dimension(axis);
  }
}
