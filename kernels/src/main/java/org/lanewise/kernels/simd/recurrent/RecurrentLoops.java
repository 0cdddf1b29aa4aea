package org.lanewise.kernels.simd.recurrent;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.host.RecurrentTensors;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.layout.SimdLayoutKernels;

/** What LSTM and GRU do with states. Offsets and counts are in elements. */
final class RecurrentLoops {
  private RecurrentLoops() {}

  /** Sets the states of rows to initial ones, or if these are null to 0. */
  static void start(
      RecurrentTensors x, long rowFrom, long rowTo, MemorySegment initial, MemorySegment states) {
    long hidden = x.shape().hidden();
    copy(initial, rowFrom * hidden, states, rowFrom * hidden, (rowTo - rowFrom) * hidden);
  }

  /** Copies elements of x, or if it is null sets those of y to 0. */
  static void copy(MemorySegment x, long from, MemorySegment y, long to, long count) {
    if (x == null) {
      SimdLayoutKernels.INSTANCE.fill(y, 0f, to, to + count);
    } else {
      SimdLayoutKernels.INSTANCE.copyBlock(false, count, x, from, count, y, to, count, 0, 1);
    }
  }

  /** Writes the state before a time of a row, as the scalar twin. */
  static void copyPrevious(
      RecurrentTensors x,
      long row,
      int t,
      MemorySegment states,
      MemorySegment initial,
      MemorySegment target) {
    long hidden = x.shape().hidden();
    int before = x.shape().before(t, x.length(row));
    if (before < 0) {
      copy(initial, row * hidden, target, x.at(row, t), hidden);
    } else {
      copy(states, x.at(row, before), target, x.at(row, t), hidden);
    }
  }

  /** {@code z = x + y} in whole vectors; z may be x or y at the same place. */
  static void add(
      MemorySegment x,
      long xFrom,
      MemorySegment y,
      long yFrom,
      MemorySegment z,
      long zFrom,
      long count) {
    if (count == 0) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    z = Lanes.memory(z);
    for (long j = 0; j < count; j += COUNT) {
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, x, (xFrom + j) * Float.BYTES, ORDER))
          .add(FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (yFrom + j) * Float.BYTES, ORDER)))
          .intoMemorySegment(z, (zFrom + j) * Float.BYTES, ORDER);
    }
  }
}
