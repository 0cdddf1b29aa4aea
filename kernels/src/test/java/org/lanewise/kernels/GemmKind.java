package org.lanewise.kernels;

import static java.lang.foreign.ValueLayout.JAVA_DOUBLE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.scalar.ScalarGemm;

/** The kinds of elements and memory that GEMM takes, in a form in which one test can run them. */
enum GemmKind {
  F32_SEGMENTS(true, true),
  F32_ARRAYS(true, false),
  F64_SEGMENTS(false, true),
  F64_ARRAYS(false, false);

  private final boolean f32;
  private final boolean segments;

  GemmKind(boolean f32, boolean segments) {
    this.f32 = f32;
    this.segments = segments;
  }

  boolean isF32() {
    return f32;
  }

  /** The unit roundoff. */
  double roundoff() {
    return f32 ? 0x1p-24 : 0x1p-53;
  }

  double smallest() {
    return f32 ? Float.MIN_VALUE : Double.MIN_VALUE;
  }

  /** The element that stands for a number. */
  double round(double value) {
    return f32 ? (float) value : value;
  }

  /** A product that is ready to run, any number of times. */
  interface Call extends AutoCloseable {
    void run();

    /** C, and what is around it. */
    double[] c();

    @Override
    void close();
  }

  /** C, and what is around it, after the product. */
  double[] run(Gemm gemm, GemmOperands x) {
    try (Call call = prepare(gemm, x)) {
      call.run();
      return call.c();
    }
  }

  /** A call on copies of the operands. */
  Call prepare(Gemm gemm, GemmOperands x) {
    if (segments) {
      return new SegmentCall(this, gemm, x);
    }
    return f32 ? new FloatCall(gemm, x) : new DoubleCall(gemm, x);
  }

  private static final class SegmentCall implements Call {
    private final Arena arena = Arena.ofShared();
    private final GemmKind kind;
    private final Gemm gemm;
    private final MemorySegment a;
    private final MemorySegment b;
    private final MemorySegment c;
    private final MemorySegment bias;
    private final MemorySegment residual;

    SegmentCall(GemmKind kind, Gemm gemm, GemmOperands x) {
      this.kind = kind;
      this.gemm = gemm;
      a = kind.segment(arena, x.a);
      b = kind.segment(arena, x.b);
      c = kind.segment(arena, x.c);
      bias = kind.segment(arena, x.bias);
      residual = kind.segment(arena, x.residual);
    }

    @Override
    public void run() {
      if (kind.f32) {
        gemm.sgemm(a, b, c, bias, residual);
      } else {
        gemm.dgemm(a, b, c, bias, residual);
      }
    }

    @Override
    public double[] c() {
      return kind.values(c);
    }

    @Override
    public void close() {
      arena.close();
    }
  }

  private record FloatCall(
      Gemm gemm, float[] a, float[] b, float[] floats, float[] bias, float[] residual)
      implements Call {
    FloatCall(Gemm gemm, GemmOperands x) {
      this(gemm, x, GemmKind.floats(x.c));
    }

    private FloatCall(Gemm gemm, GemmOperands x, float[] c) {
      this(
          gemm,
          GemmKind.floats(x.a),
          GemmKind.floats(x.b),
          c,
          GemmKind.floats(x.bias),
          GemmKind.floats(x.residual));
    }

    @Override
    public void run() {
      gemm.sgemm(a, b, floats, bias, residual);
    }

    @Override
    public double[] c() {
      return doubles(floats);
    }

    @Override
    public void close() {}
  }

  private record DoubleCall(Gemm gemm, GemmOperands x, double[] c) implements Call {
    DoubleCall(Gemm gemm, GemmOperands x) {
      this(gemm, x, x.c.clone());
    }

    @Override
    public void run() {
      gemm.dgemm(x.a, x.b, c, x.bias, x.residual);
    }

    @Override
    public void close() {}
  }

  /** What the scalar twin makes of the product. */
  double[] twin(GemmCase g, GemmOperands x) {
    int bytes = f32 ? Float.BYTES : Double.BYTES;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment a = segment(arena, x.a);
      MemorySegment b = segment(arena, x.b);
      MemorySegment c = segment(arena, x.c);
      MemorySegment bias = segment(arena, x.bias);
      MemorySegment residual = segment(arena, x.residual);
      for (int matrix = 0; matrix < g.batch && g.m > 0 && g.n > 0; matrix++) {
        boolean empty = g.k == 0;
        long cFrom = (long) bytes * g.cIndex(matrix, 0, 0);
        multiply(
            g,
            empty ? a : a.asSlice((long) bytes * g.aIndex(matrix, 0, 0)),
            empty ? b : b.asSlice((long) bytes * g.bIndex(matrix, 0, 0)),
            c.asSlice(cFrom),
            bias,
            residual == null ? null : residual.asSlice(cFrom));
      }
      return values(c);
    }
  }

  private void multiply(
      GemmCase g,
      MemorySegment a,
      MemorySegment b,
      MemorySegment c,
      MemorySegment bias,
      MemorySegment residual) {
    if (f32) {
      ScalarGemm.multiply(
          g.transA,
          g.transB,
          g.m,
          g.n,
          g.k,
          (float) g.alpha,
          a,
          g.lda,
          b,
          g.ldb,
          (float) g.beta,
          c,
          g.ldc,
          g.epilogue,
          bias,
          residual);
    } else {
      org.lanewise.kernels.scalar.f64.ScalarGemm.multiply(
          g.transA,
          g.transB,
          g.m,
          g.n,
          g.k,
          g.alpha,
          a,
          g.lda,
          b,
          g.ldb,
          g.beta,
          c,
          g.ldc,
          g.epilogue,
          bias,
          residual);
    }
  }

  private MemorySegment segment(Arena arena, double[] values) {
    if (values == null) {
      return null;
    }
    return f32
        ? arena.allocateFrom(JAVA_FLOAT, floats(values))
        : arena.allocateFrom(JAVA_DOUBLE, values);
  }

  private double[] values(MemorySegment segment) {
    return f32 ? doubles(segment.toArray(JAVA_FLOAT)) : segment.toArray(JAVA_DOUBLE);
  }

  private static float[] floats(double[] values) {
    if (values == null) {
      return null;
    }
    float[] floats = new float[values.length];
    for (int i = 0; i < floats.length; i++) {
      floats[i] = (float) values[i];
    }
    return floats;
  }

  private static double[] doubles(float[] values) {
    double[] doubles = new double[values.length];
    for (int i = 0; i < doubles.length; i++) {
      doubles[i] = values[i];
    }
    return doubles;
  }
}
