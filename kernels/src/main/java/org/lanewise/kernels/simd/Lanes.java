package org.lanewise.kernels.simd;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/** The vector shapes that every kernel uses, in one place. */
public final class Lanes {
  /** The widest float vector of this machine, up to {@link VectorBits}. */
  public static final VectorSpecies<Float> F32 = widest();

  /** The double vector of the same width. */
  public static final VectorSpecies<Double> F64 = F32.withLanes(double.class);

  /** The int vector of the same width. */
  public static final VectorSpecies<Integer> I32 = F32.withLanes(int.class);

  /**
   * The class of the vectors of {@link #F32}. A vector from memory or by broadcast is cast to it,
   * so that the compiler knows its class, whatever other vectors a process has used.
   */
  public static final Class<? extends FloatVector> FLOATS =
      F32.vectorType().asSubclass(FloatVector.class);

  /** The class of the vectors of {@link #F64}. */
  public static final Class<? extends DoubleVector> DOUBLES =
      F64.vectorType().asSubclass(DoubleVector.class);

  /** The class of the vectors of {@link #I32}. */
  public static final Class<? extends IntVector> INTS =
      I32.vectorType().asSubclass(IntVector.class);

  /** The class of segments outside the heap. */
  private static final Class<? extends MemorySegment> NATIVE =
      Arena.global().allocate(1).getClass().asSubclass(MemorySegment.class);

  /** Floats in one vector of {@link #F32}. */
  public static final int COUNT = F32.length();

  /** Bytes in one vector of {@link #F32}. */
  public static final int BYTES = F32.vectorByteSize();

  /** Byte order of all tensors. */
  public static final ByteOrder ORDER = ByteOrder.nativeOrder();

  /** An f32 element. */
  public static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;

  /** An f64 element. */
  public static final ValueLayout.OfDouble DOUBLE = ValueLayout.JAVA_DOUBLE;

  /** An i32 element. */
  public static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private Lanes() {}

  /**
   * The same memory, outside the heap as all kernels' is, with its class known to the compiler. It
   * otherwise goes by the classes that vectors were loaded from and stored to so far, and as long
   * as it is not compiled, the Vector API itself stores what it reinterprets to the heap.
   */
  public static MemorySegment memory(MemorySegment segment) {
    return NATIVE.cast(segment);
  }

  /** The same array, whose class is known. */
  public static float[] memory(float[] array) {
    return array;
  }

  /** The same array, whose class is known. */
  public static double[] memory(double[] array) {
    return array;
  }

  /** The same array, whose class is known. */
  public static int[] memory(int[] array) {
    return array;
  }

  /** End of the last whole vector of a range that begins at {@code from}. */
  public static long vectorEnd(long from, long to) {
    return to - (to - from) % COUNT;
  }

  /** End of the last whole vector of a range of an array. */
  public static int vectorEnd(int from, int to) {
    return to - (to - from) % COUNT;
  }

  private static VectorSpecies<Float> widest() {
    int bits = Math.clamp(FloatVector.SPECIES_PREFERRED.vectorBitSize(), 128, VectorBits.most());
    return VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }
}
