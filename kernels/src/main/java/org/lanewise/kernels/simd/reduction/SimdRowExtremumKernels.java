package org.lanewise.kernels.simd.reduction;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.INT;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.RowExtremumKernels;
import org.lanewise.kernels.scalar.ScalarRowExtremumKernels;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;

/**
 * The largest or smallest element of rows: first its value, then the first place where it is. The
 * smallest is the largest after a change of sign. Nothing is checked; a row has an element.
 */
public final class SimdRowExtremumKernels implements RowExtremumKernels {
  /** In rows of less than two vectors, it pays to look at one element after the other. */
  private static final long NARROW = 2 * VirtualLanes.COUNT;

  /** The only instance. */
  public static final SimdRowExtremumKernels INSTANCE = new SimdRowExtremumKernels();

  private SimdRowExtremumKernels() {}

  @Override
  public void values(
      boolean largest,
      MemorySegment x,
      long columns,
      MemorySegment values,
      long rowFrom,
      long rowTo) {
    if (columns < NARROW) {
      ScalarRowExtremumKernels.INSTANCE.values(largest, x, columns, values, rowFrom, rowTo);
      return;
    }
    float sign = largest ? 1f : -1f;
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float value = maximum(sign, x, from, from + columns, scratch) * sign;
      if (value == 0) { // of which sign?
        value = x.getAtIndex(FLOAT, firstEqual(0f, x, from, from + columns));
      }
      values.setAtIndex(FLOAT, i, value);
    }
  }

  @Override
  public void indices(
      boolean largest,
      MemorySegment x,
      long columns,
      MemorySegment indices,
      long rowFrom,
      long rowTo) {
    if (columns < NARROW) {
      ScalarRowExtremumKernels.INSTANCE.indices(largest, x, columns, indices, rowFrom, rowTo);
      return;
    }
    float sign = largest ? 1f : -1f;
    Scratch scratch = Scratch.ofThread();
    for (long i = rowFrom; i < rowTo; i++) {
      long from = i * columns;
      float value = maximum(sign, x, from, from + columns, scratch) * sign;
      long index =
          Float.isNaN(value)
              ? firstNan(x, from, from + columns)
              : firstEqual(value, x, from, from + columns);
      indices.setAtIndex(INT, i, (int) (index - from));
    }
  }

  /** The maximum of {@code sign · x}, or NaN if there is one. */
  private static float maximum(float sign, MemorySegment x, long from, long to, Scratch scratch) {
    long end = to - (to - from) % VirtualLanes.COUNT;
    maxima(sign, x, from, end, scratch.lanes);
    float maximum = scratch.maxOfLanes();
    for (long j = end; j < to; j++) {
      maximum = Math.max(maximum, sign * x.getAtIndex(FLOAT, j));
    }
    return maximum;
  }

  private static void maxima(float sign, MemorySegment x, long from, long to, MemorySegment lanes) {
    x = Lanes.memory(x);
    lanes = Lanes.memory(lanes);
    for (int lane = 0; lane < VirtualLanes.COUNT; lane += COUNT) {
      FloatVector maxima = FloatVector.broadcast(F32, Float.NEGATIVE_INFINITY);
      FloatVector nans = FloatVector.zero(F32);
      long j = from + lane;
      while (j != to + lane) {
        FloatVector value =
            FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER)).mul(sign);
        maxima = FLOATS.cast(maxima).blend(value, value.compare(VectorOperators.GT, maxima));
        nans = FLOATS.cast(nans).blend(value, value.compare(VectorOperators.NE, value));
        j += VirtualLanes.COUNT;
      }
      FloatVector nan = FLOATS.cast(nans);
      FLOATS
          .cast(maxima)
          .blend(nan, nan.compare(VectorOperators.NE, nan))
          .intoMemorySegment(lanes, lane * Float.BYTES, ORDER);
    }
  }

  /** The index of the first element equal to a value; there is one. */
  private static long firstEqual(float value, MemorySegment x, long from, long to) {
    long end = vectorEnd(from, to);
    long j = from == end ? from : vectorWithEqual(value, x, from, end);
    while (x.getAtIndex(FLOAT, j) != value) {
      j++;
    }
    return j;
  }

  private static long vectorWithEqual(float value, MemorySegment x, long from, long to) {
    x = Lanes.memory(x);
    FloatVector values = FloatVector.broadcast(F32, value);
    long j = from;
    while (j < to
        && !FLOATS
            .cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER))
            .compare(VectorOperators.EQ, values)
            .anyTrue()) {
      j += COUNT;
    }
    return j;
  }

  /** The index of the first NaN; there is one. */
  private static long firstNan(MemorySegment x, long from, long to) {
    long end = vectorEnd(from, to);
    long j = from == end ? from : vectorWithNan(x, from, end);
    while (!Float.isNaN(x.getAtIndex(FLOAT, j))) {
      j++;
    }
    return j;
  }

  private static long vectorWithNan(MemorySegment x, long from, long to) {
    x = Lanes.memory(x);
    long j = from;
    while (j < to) {
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, x, j * Float.BYTES, ORDER));
      if (value.compare(VectorOperators.NE, value).anyTrue()) {
        return j;
      }
      j += COUNT;
    }
    return j;
  }
}
