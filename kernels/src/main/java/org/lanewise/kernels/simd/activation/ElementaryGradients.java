package org.lanewise.kernels.simd.activation;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.simd.Lanes;

/** Gradients of elementary functions, as {@link ActivationGradients}. */
final class ElementaryGradients {
  private ElementaryGradients() {}

  static void exp(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.mul(v).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  static void log(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.div(v).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  static void sqrt(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.div(v.add(v)).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  static void rsqrt(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.mul(v.mul(v).mul(v).mul(-0.5f)).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  static void reciprocal(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.neg().mul(v.mul(v)).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  static void square(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.mul(v.add(v)).intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }

  static void abs(
      MemorySegment saved, MemorySegment dy, MemorySegment out, long start, long from, long to) {
    if (from == to) {
      return;
    }
    saved = Lanes.memory(saved);
    dy = Lanes.memory(dy);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector v =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, saved, i * Float.BYTES, ORDER));
      FloatVector d = FLOATS.cast(FloatVector.fromMemorySegment(F32, dy, i * Float.BYTES, ORDER));
      d.blend(d.neg(), v.compare(VectorOperators.LT, 0f))
          .blend(0f, v.compare(VectorOperators.EQ, 0f))
          .intoMemorySegment(out, (i - start) * Float.BYTES, ORDER);
    }
  }
}
