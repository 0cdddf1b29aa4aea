package org.lanewise.ffi.opencl.backend;

import java.util.List;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.Write;

/**
 * The inputs or the outputs of an op.
 *
 * @param writes how outputs are written, or empty for inputs
 */
record Operands(List<Operand> operands, List<Write> writes) {
  Operand get(int index) {
    return operands.get(index);
  }

  /** Whether an output is added to. */
  boolean adds(int index) {
    return writes.get(index) == Write.ADD;
  }

  int count() {
    return operands.size();
  }

  Shape shape(int index) {
    return get(index).type().shape();
  }

  /** The number of elements of an operand. */
  long size(int index) {
    return shape(index).size();
  }

  /** The length of an operand's axis. */
  long dimension(int index, int axis) {
    return shape(index).dimension(axis);
  }
}
