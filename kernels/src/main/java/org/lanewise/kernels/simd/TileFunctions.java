package org.lanewise.kernels.simd;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.scalar.ScalarMath;

/** Placeholder. */
public final class TileFunctions {
  private TileFunctions() {}

  public static MemorySegment chunkOfThread() {
    return Scratch.ofThread().chunk;
  }

  public static long roundUp(long c) {
    return (c + 15) / 16 * 16;
  }

  public static void apply(Epilogue.Function f, MemorySegment x, long count) {
    for (long i = 0; i < count; i++) {
      float v = x.getAtIndex(Lanes.FLOAT, i);
      x.setAtIndex(
          Lanes.FLOAT,
          i,
          switch (f) {
            case TANH -> ScalarMath.tanh(v);
            case SILU -> ScalarMath.silu(v);
            case GELU -> ScalarMath.gelu(v);
            default -> v;
          });
    }
  }
}
