package org.lanewise.kernels.simd.recurrent;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import org.lanewise.kernels.simd.Lanes;

/** The units of a GRU and their gradients, in whole vectors. Offsets are in elements. */
final class GruLoops {
  private GruLoops() {}

  /** {@code n = gate + r · p}, where r is among the activations; p is kept as a candidate. */
  static void candidates(
      MemorySegment gates,
      MemorySegment activations,
      long r,
      long n,
      MemorySegment products,
      long product,
      MemorySegment candidates,
      long states,
      long count) {
    if (count == 0) {
      return;
    }
    gates = Lanes.memory(gates);
    activations = Lanes.memory(activations);
    products = Lanes.memory(products);
    candidates = Lanes.memory(candidates);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector candidate =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, products, (product + j) * Float.BYTES, ORDER));
      FLOATS
          .cast(FloatVector.fromMemorySegment(F32, activations, (r + j) * Float.BYTES, ORDER))
          .fma(
              candidate,
              FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (n + j) * Float.BYTES, ORDER)))
          .intoMemorySegment(activations, (n + j) * Float.BYTES, ORDER);
      candidate.intoMemorySegment(candidates, (states + j) * Float.BYTES, ORDER);
    }
  }

  /** {@code h ← n + z · (h − n)}, which is also stored in y. */
  static void outputs(
      MemorySegment gates,
      long z,
      long n,
      MemorySegment h,
      long state,
      MemorySegment y,
      long states,
      long count) {
    if (count == 0) {
      return;
    }
    gates = Lanes.memory(gates);
    h = Lanes.memory(h);
    y = Lanes.memory(y);
    for (long j = 0; j < count; j += COUNT) {
      FloatVector candidate =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (n + j) * Float.BYTES, ORDER));
      FloatVector output =
          FLOATS
              .cast(FloatVector.fromMemorySegment(F32, gates, (z + j) * Float.BYTES, ORDER))
              .fma(
                  FLOATS
                      .cast(FloatVector.fromMemorySegment(F32, h, (state + j) * Float.BYTES, ORDER))
                      .sub(candidate),
                  candidate);
      output.intoMemorySegment(h, (state + j) * Float.BYTES, ORDER);
      output.intoMemorySegment(y, (states + j) * Float.BYTES, ORDER);
    }
  }

  /**
   * The gradients of gates n and z, and {@code dh ← dh · z}.
   *
   * @param at where the gates begin, each {@code hidden} after the one before
   * @param previous h before
   */
  static void gradientOfState(
      MemorySegment gates,
      long at,
      long hidden,
      MemorySegment previous,
      long states,
      MemorySegment dh,
      long state,
      MemorySegment dGates,
      MemorySegment dProducts,
      long count) {
    if (count == 0) {
      return;
    }
    gates = Lanes.memory(gates);
    previous = Lanes.memory(previous);
    dh = Lanes.memory(dh);
    dGates = Lanes.memory(dGates);
    dProducts = Lanes.memory(dProducts);
    long z = at + hidden;
    long n = z + hidden;
    for (long j = 0; j < count; j += COUNT) {
      FloatVector update =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (z + j) * Float.BYTES, ORDER));
      FloatVector candidate =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (n + j) * Float.BYTES, ORDER));
      FloatVector before =
          FLOATS.cast(
              FloatVector.fromMemorySegment(F32, previous, (states + j) * Float.BYTES, ORDER));
      FloatVector gradient =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, dh, (state + j) * Float.BYTES, ORDER));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector rest = one.sub(update);
      gradient
          .mul(rest)
          .mul(candidate.neg().fma(candidate, one))
          .intoMemorySegment(dGates, (n + j) * Float.BYTES, ORDER);
      FloatVector ofUpdate = gradient.mul(before.sub(candidate)).mul(update.mul(rest));
      ofUpdate.intoMemorySegment(dGates, (z + j) * Float.BYTES, ORDER);
      ofUpdate.intoMemorySegment(dProducts, (z + j) * Float.BYTES, ORDER);
      gradient.mul(update).intoMemorySegment(dh, (state + j) * Float.BYTES, ORDER);
    }
  }

  /** The gradients of gate r and of the product that it scales, from that of gate n. */
  static void gradientOfReset(
      MemorySegment gates,
      long at,
      long hidden,
      MemorySegment candidates,
      long states,
      MemorySegment dGates,
      MemorySegment dProducts,
      long count) {
    if (count == 0) {
      return;
    }
    gates = Lanes.memory(gates);
    candidates = Lanes.memory(candidates);
    dGates = Lanes.memory(dGates);
    dProducts = Lanes.memory(dProducts);
    long n = at + 2 * hidden;
    for (long j = 0; j < count; j += COUNT) {
      FloatVector reset =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, gates, (at + j) * Float.BYTES, ORDER));
      FloatVector gradient =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, dGates, (n + j) * Float.BYTES, ORDER));
      FloatVector one = FLOATS.cast(FloatVector.broadcast(F32, 1f));
      FloatVector ofReset =
          gradient
              .mul(
                  FLOATS.cast(
                      FloatVector.fromMemorySegment(
                          F32, candidates, (states + j) * Float.BYTES, ORDER)))
              .mul(reset.mul(one.sub(reset)));
      ofReset.intoMemorySegment(dGates, (at + j) * Float.BYTES, ORDER);
      ofReset.intoMemorySegment(dProducts, (at + j) * Float.BYTES, ORDER);
      gradient.mul(reset).intoMemorySegment(dProducts, (n + j) * Float.BYTES, ORDER);
    }
  }
}
