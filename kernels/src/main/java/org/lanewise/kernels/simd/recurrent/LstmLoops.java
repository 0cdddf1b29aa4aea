package org.lanewise.kernels.simd.recurrent;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.simd.Lanes;

/** The cells of an LSTM and their gradients, in whole vectors. Offsets are in elements. */
final class LstmLoops {
  private LstmLoops() {}

  /**
   * {@code c ← f · c + i · g}, which is also stored in the cells of all times.
   *
   * @param at where the gates begin, each {@code hidden} after the one before
   */
  static void cells(
      MemorySegment gates,
      long at,
      long hidden,
      MemorySegment c,
      long state,
      MemorySegment cells,
      long states,
      long count) {
    if (count == 0) {
      return;
    }
    gates = Lanes.memory(gates);
    c = Lanes.memory(c);
    cells = Lanes.memory(cells);
    long f = at + hidden;
    long g = f + hidden;
    for (long j = 0; j < count; j += COUNT) {
      FloatVector input =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, gates, (at + j) * Float.BYTES, ORDER))
              .mul(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(F32, gates, (g + j) * Float.BYTES, ORDER)));
      FloatVector cell =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, gates, (f + j) * Float.BYTES, ORDER))
              .fma(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(F32, c, (state + j) * Float.BYTES, ORDER)),
                  input);
      cell.intoMemorySegment(c, (state + j) * Float.BYTES, ORDER);
      cell.intoMemorySegment(cells, (states + j) * Float.BYTES, ORDER);
    }
  }

  /** {@code h = o · tanh(c)}, where y holds {@code tanh(c)} before and h then. */
  static void outputs(
      MemorySegment gates,
      long o,
      MemorySegment y,
      long states,
      MemorySegment h,
      long state,
      long count) {
    if (count == 0) {
      return;
    }
    gates = Lanes.memory(gates);
    y = Lanes.memory(y);
    h = Lanes.memory(h);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector output =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, gates, (o + j) * Float.BYTES, ORDER))
              .mul(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(F32, y, (states + j) * Float.BYTES, ORDER)));
      output.intoMemorySegment(y, (states + j) * Float.BYTES, ORDER);
      output.intoMemorySegment(h, (state + j) * Float.BYTES, ORDER);
    }
  }

  /** The gradient of gate o, {@code dh · tanh(c) · o · (1 − o)}, and {@code dc += dh · o · …}. */
  static void gradientOfOutputs(
      MemorySegment gates,
      long o,
      MemorySegment tanh,
      long states,
      MemorySegment dh,
      MemorySegment dc,
      long state,
      MemorySegment dGates,
      long count) {
    if (count == 0) {
      return;
    }
    gates = Lanes.memory(gates);
    tanh = Lanes.memory(tanh);
    dh = Lanes.memory(dh);
    dc = Lanes.memory(dc);
    dGates = Lanes.memory(dGates);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector gate =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (o + j) * Float.BYTES, ORDER));
      FloatVector output =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, tanh, (states + j) * Float.BYTES, ORDER));
      FloatVector gradient =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, dh, (state + j) * Float.BYTES, ORDER));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      gradient
          .mul(gate)
          .fma(
              output.neg().fma(output, one),
              FLOATS.cast(FloatVector.fromMemorySegment(F32, dc, (state + j) * Float.BYTES, ORDER)))
          .intoMemorySegment(dc, (state + j) * Float.BYTES, ORDER);
      gradient
          .mul(output)
          .mul(gate.mul(one.sub(gate)))
          .intoMemorySegment(dGates, (o + j) * Float.BYTES, ORDER);
    }
  }

  /**
   * The gradients of gates i, f and g, and {@code dc ← dc · f}.
   *
   * @param before the cells before
   */
  static void gradientOfCells(
      MemorySegment gates,
      long at,
      long hidden,
      MemorySegment before,
      long beforeAt,
      MemorySegment dc,
      long state,
      MemorySegment dGates,
      long count) {
    if (count == 0) {
      return;
    }
    gates = Lanes.memory(gates);
    before = Lanes.memory(before);
    dc = Lanes.memory(dc);
    dGates = Lanes.memory(dGates);
    long f = at + hidden;
    long g = f + hidden;
    for (long j = 0; j < count; j += COUNT) {
      FloatVector input =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (at + j) * Float.BYTES, ORDER));
      FloatVector forget =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (f + j) * Float.BYTES, ORDER));
      FloatVector value =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (g + j) * Float.BYTES, ORDER));
      FloatVector gradient =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, dc, (state + j) * Float.BYTES, ORDER));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      gradient
          .mul(value)
          .mul(input.mul(one.sub(input)))
          .intoMemorySegment(dGates, (at + j) * Float.BYTES, ORDER);
      gradient
          .mul(
              FLOATS.cast(
                  FloatVector.fromMemorySegment(F32, before, (beforeAt + j) * Float.BYTES, ORDER)))
          .mul(forget.mul(one.sub(forget)))
          .intoMemorySegment(dGates, (f + j) * Float.BYTES, ORDER);
      gradient
          .mul(input)
          .mul(value.neg().fma(value, one))
          .intoMemorySegment(dGates, (g + j) * Float.BYTES, ORDER);
      gradient.mul(forget).intoMemorySegment(dc, (state + j) * Float.BYTES, ORDER);
    }
  }
}
