package org.lanewise.kernels.simd.elementwise;

import static org.lanewise.kernels.simd.Lanes.COUNT;
import static org.lanewise.kernels.simd.Lanes.F32;
import static org.lanewise.kernels.simd.Lanes.FLOAT;
import static org.lanewise.kernels.simd.Lanes.FLOATS;
import static org.lanewise.kernels.simd.Lanes.ORDER;
import static org.lanewise.kernels.simd.Lanes.vectorEnd;

import java.lang.foreign.MemorySegment;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.lanewise.kernels.host.ElementwiseKernels;
import org.lanewise.kernels.host.Repeated;
import org.lanewise.kernels.op.BinaryFunction;
import org.lanewise.kernels.op.Broadcast;
import org.lanewise.kernels.scalar.ScalarElementwiseKernels;
import org.lanewise.kernels.simd.Lanes;
import org.lanewise.kernels.simd.Scratch;
import org.lanewise.kernels.simd.layout.LayoutLoops;

/** Functions of two tensors and their gradients. Nothing is checked. */
public final class SimdElementwiseKernels implements ElementwiseKernels {
  /** In shorter rows a loop per row is slower than a copy of y as large as x. */
  private static final long NARROW = 256;

  /** The only instance. */
  public static final SimdElementwiseKernels INSTANCE = new SimdElementwiseKernels();

  private SimdElementwiseKernels() {}

  @Override
  public void binary(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z,
      long from,
      long to) {
    if (!accumulate) {
      apply(f, broadcast, columns, x, y, z, 0, from, to);
      return;
    }
    MemorySegment terms = Scratch.ofThread().tile;
    for (long chunk = from, end; chunk < to; chunk = end) {
      end = chunk + Math.min(Scratch.CHUNK, to - chunk);
      apply(f, broadcast, columns, x, y, terms, chunk, chunk, end);
      BinaryLoops.apply(BinaryFunction.ADD, z, terms, chunk, z, 0, chunk, end);
    }
  }

  private static void apply(
      BinaryFunction f,
      Broadcast broadcast,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    if (broadcast == Broadcast.NONE) {
      BinaryLoops.apply(f, x, y, 0, z, zStart, from, to);
    } else if (f.isComparison() && broadcast != Broadcast.ROW) { // which need no loops of their own
      narrow(f, broadcast, columns, x, y, z, zStart, from, to);
    } else if (broadcast == Broadcast.SCALAR) {
      BinaryLoops.apply(f, x, y.getAtIndex(FLOAT, 0), z, zStart, from, to);
    } else if (columns < NARROW) {
      narrow(f, broadcast, columns, x, y, z, zStart, from, to);
    } else {
      wide(f, broadcast, columns, x, y, z, zStart, from, to);
    }
  }

  private static void narrow(
      BinaryFunction f,
      Broadcast broadcast,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    MemorySegment other = Scratch.ofThread().chunk;
    // A row that is repeated in whole does for all chunks, and so does a number
    boolean repeated = broadcast != Broadcast.COLUMN;
    long length = broadcast == Broadcast.ROW ? Scratch.CHUNK / columns * columns : Scratch.CHUNK;
    for (long chunk = from, end; chunk < to; chunk = end) {
      end = chunk + Math.min(length, to - chunk);
      if (!repeated || chunk == from) {
        expand(broadcast, columns, y, other, chunk, end);
      }
      BinaryLoops.apply(f, x, other, chunk, z, zStart, chunk, end);
    }
  }

  private static void wide(
      BinaryFunction f,
      Broadcast broadcast,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment z,
      long zStart,
      long from,
      long to) {
    long i = from;
    while (i < to) {
      long row = i / columns;
      long end = Math.min((row + 1) * columns, to);
      if (broadcast == Broadcast.ROW) {
        BinaryLoops.apply(f, x, y, row * columns, z, zStart, i, end);
      } else {
        BinaryLoops.apply(f, x, y.getAtIndex(FLOAT, row), z, zStart, i, end);
      }
      i = end;
    }
  }

  @Override
  public void where(
      Repeated condition, Repeated x, Repeated y, MemorySegment z, long from, long to) {
    Scratch scratch = Scratch.ofThread();
    for (long chunk = from, end; chunk < to; chunk = end) {
      end = chunk + Math.min(Scratch.CHUNK, to - chunk);
      ComparisonLoops.where(
          filled(condition, scratch.chunk, chunk, end),
          start(condition, chunk),
          filled(x, scratch.tile, chunk, end),
          start(x, chunk),
          filled(y, scratch.errors, chunk, end),
          start(y, chunk),
          z,
          chunk,
          end);
    }
  }

  /** What belongs to a range, at the front of the room for it unless it is there already. */
  private static MemorySegment filled(Repeated x, MemorySegment room, long from, long to) {
    if (x.broadcast() == Broadcast.NONE) {
      return x.elements();
    }
    expand(x.broadcast(), x.columns(), x.elements(), room, from, to);
    return room;
  }

  private static long start(Repeated x, long from) {
    return x.broadcast() == Broadcast.NONE ? 0 : from;
  }

  /** Writes to the front of the chunk what of y belongs to elements {@code from ≤ i < to} of x. */
  private static void expand(
      Broadcast broadcast, long columns, MemorySegment y, MemorySegment chunk, long from, long to) {
    switch (broadcast) {
      case SCALAR -> LayoutLoops.fill(chunk, 0, to - from, y.getAtIndex(FLOAT, 0));
      case ROW -> expandRow(columns, y, chunk, from % columns, to - from);
      default -> expandColumn(columns, y, chunk, from, to);
    }
  }

  /** Copies the row from some column on, then the rest of it, and then what is there already. */
  private static void expandRow(
      long columns, MemorySegment y, MemorySegment chunk, long column, long count) {
    long first = Math.min(columns - column, count);
    long period = Math.min(columns, count);
    LayoutLoops.copy(y, column, chunk, 0, first);
    LayoutLoops.copy(y, 0, chunk, first, period - first);
    for (long done = period; done < count; done += Math.min(done, count - done)) {
      LayoutLoops.copy(chunk, 0, chunk, done, Math.min(done, count - done));
    }
  }

  /** Writes whole vectors where there is room; the next row overwrites what is too much. */
  private static void expandColumn(
      long columns, MemorySegment y, MemorySegment chunk, long from, long to) {
    long row = from / columns;
    long i = 0;
    while (i < to - from) {
      float value = y.getAtIndex(FLOAT, row);
      FloatVector values = FLOATS.cast(FloatVector.broadcast(F32, value));
      row++;
      long end = Math.min(row * columns, to) - from;
      while (i < end && i <= Scratch.CHUNK - COUNT) {
        values.intoMemorySegment(chunk, i * Float.BYTES, ORDER);
        i += COUNT;
      }
      while (i < end) {
        chunk.setAtIndex(FLOAT, i, value);
        i++;
      }
      i = end;
    }
  }

  @Override
  public void repeat(
      Broadcast broadcast,
      float alpha,
      boolean accumulate,
      long columns,
      MemorySegment y,
      MemorySegment z,
      long from,
      long to) {
    Scratch scratch = Scratch.ofThread();
    MemorySegment terms = accumulate ? scratch.tile : z;
    for (long chunk = from, end; chunk < to; chunk = end) {
      end = chunk + Math.min(Scratch.CHUNK, to - chunk);
      long start = accumulate ? chunk : 0;
      if (broadcast == Broadcast.NONE) {
        BinaryLoops.apply(BinaryFunction.MULTIPLY, y, alpha, terms, start, chunk, end);
      } else {
        expand(broadcast, columns, y, scratch.chunk, chunk, end);
        BinaryLoops.apply(
            BinaryFunction.MULTIPLY, scratch.chunk, alpha, terms, start - chunk, 0, end - chunk);
      }
      if (accumulate) {
        BinaryLoops.apply(BinaryFunction.ADD, z, terms, chunk, z, 0, chunk, end);
      }
    }
  }

  @Override
  public void gradientX(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dx,
      long from,
      long to) {
    gradient(f, true, broadcast, accumulate, columns, x, y, dz, dx, from, to);
  }

  @Override
  public void gradientY(
      BinaryFunction f,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment dy,
      long from,
      long to) {
    gradient(f, false, broadcast, accumulate, columns, x, y, dz, dy, from, to);
  }

  private static void gradient(
      BinaryFunction f,
      boolean ofX,
      Broadcast broadcast,
      boolean accumulate,
      long columns,
      MemorySegment x,
      MemorySegment y,
      MemorySegment dz,
      MemorySegment out,
      long from,
      long to) {
    Scratch scratch = Scratch.ofThread();
    for (long chunk = from, end; chunk < to; chunk = end) {
      end = chunk + Math.min(Scratch.CHUNK, to - chunk);
      MemorySegment other = y;
      long otherStart = 0;
      if (broadcast != Broadcast.NONE) {
        expand(broadcast, columns, y, scratch.chunk, chunk, end);
        other = scratch.chunk;
        otherStart = chunk;
      }
      if (accumulate) {
        gradient(f, ofX, x, other, otherStart, dz, scratch.tile, chunk, chunk, end);
        BinaryLoops.apply(BinaryFunction.ADD, out, scratch.tile, chunk, out, 0, chunk, end);
      } else {
        gradient(f, ofX, x, other, otherStart, dz, out, 0, chunk, end);
      }
    }
  }

  private static void gradient(
      BinaryFunction f,
      boolean ofX,
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment dz,
      MemorySegment out,
      long outStart,
      long from,
      long to) {
    switch (f) {
      case ADD -> BinaryLoops.apply(BinaryFunction.MULTIPLY, dz, 1f, out, outStart, from, to);
      case SUBTRACT ->
          BinaryLoops.apply(BinaryFunction.MULTIPLY, dz, ofX ? 1f : -1f, out, outStart, from, to);
      case MULTIPLY ->
          BinaryLoops.apply(f, dz, ofX ? y : x, ofX ? yStart : 0, out, outStart, from, to);
      case DIVIDE -> {
        if (ofX) {
          BinaryLoops.apply(f, dz, y, yStart, out, outStart, from, to);
        } else {
          divisorGradient(x, y, yStart, dz, out, outStart, from, to);
        }
      }
      case MAXIMUM -> {
        if (ofX) {
          winnerGradient(x, 0, y, yStart, dz, out, outStart, from, to);
        } else {
          winnerGradient(y, yStart, x, 0, dz, out, outStart, from, to);
        }
      }
      case MINIMUM -> {
        if (ofX) {
          winnerGradient(y, yStart, x, 0, dz, out, outStart, from, to);
        } else {
          winnerGradient(x, 0, y, yStart, dz, out, outStart, from, to);
        }
      }
      default -> throw new IllegalArgumentException(f + " has no gradient");
    }
  }

  private static void divisorGradient(
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment dz,
      MemorySegment out,
      long outStart,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    divisorGradients(x, y, yStart, dz, out, outStart, from, end);
    for (long i = end; i < to; i++) {
      float other = y.getAtIndex(FLOAT, i - yStart);
      float gradient =
          ScalarElementwiseKernels.divisorGradient(
              x.getAtIndex(FLOAT, i), other, dz.getAtIndex(FLOAT, i));
      out.setAtIndex(FLOAT, i - outStart, gradient);
    }
  }

  private static void divisorGradients(
      MemorySegment x,
      MemorySegment y,
      long yStart,
      MemorySegment dz,
      MemorySegment out,
      long outStart,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    x = Lanes.memory(x);
    y = Lanes.memory(y);
    dz = Lanes.memory(dz);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector a = FLOATS.cast(FloatVector.fromMemorySegment(F32, x, i * Float.BYTES, ORDER));
      FloatVector b =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, y, (i - yStart) * Float.BYTES, ORDER));
      FloatVector g = FLOATS.cast(FloatVector.fromMemorySegment(F32, dz, i * Float.BYTES, ORDER));
      g.neg().mul(a.div(b).div(b)).intoMemorySegment(out, (i - outStart) * Float.BYTES, ORDER);
    }
  }

  /** The gradient of the larger of a and b with respect to a. */
  private static void winnerGradient(
      MemorySegment a,
      long aStart,
      MemorySegment b,
      long bStart,
      MemorySegment dz,
      MemorySegment out,
      long outStart,
      long from,
      long to) {
    long end = vectorEnd(from, to);
    winnerGradients(a, aStart, b, bStart, dz, out, outStart, from, end);
    for (long i = end; i < to; i++) {
      float one = a.getAtIndex(FLOAT, i - aStart);
      float other = b.getAtIndex(FLOAT, i - bStart);
      out.setAtIndex(
          FLOAT,
          i - outStart,
          ScalarElementwiseKernels.winnerGradient(one, other, dz.getAtIndex(FLOAT, i)));
    }
  }

  private static void winnerGradients(
      MemorySegment a,
      long aStart,
      MemorySegment b,
      long bStart,
      MemorySegment dz,
      MemorySegment out,
      long outStart,
      long from,
      long to) {
    if (from == to) {
      return;
    }
    a = Lanes.memory(a);
    b = Lanes.memory(b);
    dz = Lanes.memory(dz);
    out = Lanes.memory(out);
    for (long i = from; i < to; i += COUNT) {
      FloatVector one =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, a, (i - aStart) * Float.BYTES, ORDER));
      FloatVector other =
          FLOATS.cast(FloatVector.fromMemorySegment(F32, b, (i - bStart) * Float.BYTES, ORDER));
      FloatVector g = FLOATS.cast(FloatVector.fromMemorySegment(F32, dz, i * Float.BYTES, ORDER));
      VectorMask<Float> loser = one.compare(VectorOperators.LT, other);
      g.blend(g.mul(0.5f), one.compare(VectorOperators.EQ, other))
          .blend(0f, loser)
          .intoMemorySegment(out, (i - outStart) * Float.BYTES, ORDER);
    }
  }
}
