package org.lanewise.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;
import static org.lanewise.kernels.scalar.MathConstants.MANTISSA_MASK;

import com.sun.management.ThreadMXBean;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.management.ManagementFactory;
import java.util.List;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.KernelTable.Tensors;

/** Once compiled, a kernel keeps its vectors in registers: a vector on the heap would show here. */
@ExtendWith(EnterWorkspace.class)
class KernelAllocationTest {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private static final int CALLS = 20;
  private static final int MAX_ROUNDS = 2000;

  /** In a row, since a method that is compiled again may allocate once more on the way. */
  private static final int QUIET_ROUNDS = 10;

  static List<Kernel> kernels() {
    return KernelTable.all();
  }

  /** What the Vector API has met before, in other methods of the process, must not matter. */
  @BeforeAll
  static void useVectorsOfAnotherWidth() {
    VectorSpecies<Float> half =
        VectorSpecies.of(float.class, VectorShape.forBitSize(Lanes.F32.vectorBitSize() / 2));
    try (Arena arena = Arena.ofShared()) {
      MemorySegment x = arena.allocate(4096);
      for (int i = 0; i < 300; i++) {
        use(half, x);
      }
    }
  }

  private static void use(VectorSpecies<Float> species, MemorySegment x) {
    VectorSpecies<Integer> ints = species.withLanes(int.class);
    for (long i = 0; i < x.byteSize(); i += species.vectorByteSize()) {
      FloatVector v = FloatVector.fromMemorySegment(species, x, i, Lanes.ORDER);
      FloatVector y = v.fma(v, v).add(v).sub(1f).div(v.add(2f)).mul(0.5f);
      y = y.blend(0f, y.compare(VectorOperators.LT, 0f)).abs().neg();
      IntVector bits = (IntVector) y.reinterpretShape(ints, 0);
      bits = bits.lanewise(VectorOperators.ASHR, 1).sub(bits).and(MANTISSA_MASK);
      bits.reinterpretShape(species, 0).intoMemorySegment(x, i, Lanes.ORDER);
    }
  }

  @ParameterizedTest
  @MethodSource("kernels")
  void allocatesNothingAfterWarmUp(Kernel kernel) {
    try (Arena arena = Arena.ofShared()) {
      Tensors tensors = new Tensors(arena, 24, 171, false);
      long extent = kernel.extent(tensors);
      int quiet = 0;
      for (int round = 0; round < MAX_ROUNDS && quiet < QUIET_ROUNDS; round++) {
        quiet = allocatedBy(kernel, tensors, extent) == 0 ? quiet + 1 : 0;
      }
      assertThat(quiet).as("rounds without allocation").isEqualTo(QUIET_ROUNDS);
    }
  }

  private static long allocatedBy(Kernel kernel, Tensors tensors, long extent) {
    long before = THREADS.getCurrentThreadAllocatedBytes();
    for (int call = 0; call < CALLS; call++) {
      kernel.simd().run(tensors, 0, extent);
    }
    return THREADS.getCurrentThreadAllocatedBytes() - before;
  }
}
