package org.lanewise.kernels.simd.math;

import java.lang.foreign.MemorySegment;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.scalar.ScalarMath;
import org.lanewise.kernels.scalar.VirtualLanes;
import org.lanewise.kernels.simd.Scratch;

/**
 * Functions in place on a dense tile of f32 in native memory, with the bits of {@link ScalarMath}.
 * The number of elements is a multiple of 16 and at most 1,024; nothing is checked.
 */
public final class TileFunctions {
  private TileFunctions() {}

  /** Memory of the calling thread for a tile. */
  public static MemorySegment tileOfThread() {
    return Scratch.ofThread().tile;
  }

  /** A number of columns, rounded up to what the functions take. */
  public static long roundUp(long columns) {
    return (columns + VirtualLanes.COUNT - 1) / VirtualLanes.COUNT * VirtualLanes.COUNT;
  }

  /** Applies an epilogue's function, one with an exponential. */
  public static void apply(Epilogue.Function function, MemorySegment x, long count) {
    switch (function) {
      case TANH -> SigmoidLoops.tanh(x, x, 0, count);
      case SILU -> SigmoidLoops.silu(x, x, 0, count);
      case GELU -> ErfLoops.gelu(x, x, 0, count);
      case GELU_TANH -> SigmoidLoops.geluTanh(x, x, 0, count);
      case NONE, RELU, CLAMP -> throw new IllegalArgumentException(function + " is none of these");
    }
  }
}
