package org.lanewise.kernels.simd;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.foreign.Arena;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.TestTensor;
import org.lanewise.kernels.backend.cpu.SimdKernels;
import org.lanewise.kernels.backend.scalar.ScalarKernels;
import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.host.PoolingShape;
import org.lanewise.kernels.op.Window;

/** Poolings of many shapes against their twins: the same bits, over any split of the planes. */
@ExtendWith(EnterWorkspace.class)
class PoolingTwinTest {
  private static final long PLANES = 11;

  static Stream<PoolingShape> shapes() {
    List<PoolingShape> shapes = new ArrayList<>();
    shapes.add(new PoolingShape(Window.of(2).withStride(2), 28, 28));
    shapes.add(new PoolingShape(Window.of(3).withStride(2).withPadding(1), 33, 65));
    shapes.add(new PoolingShape(Window.of(3).withPadding(1), 70, 90)); // rows in two blocks
    shapes.add(new PoolingShape(Window.of(7), 7, 7));
    shapes.add(new PoolingShape(Window.of(1, 40), 1, 40));
    shapes.add(new PoolingShape(Window.of(2).withPadding(1).withDilation(4), 3, 4)); // all padding
    shapes.add(new PoolingShape(Window.of(1, 2).withStride(3), 2, 7001));
    SplittableRandom random = new SplittableRandom(1);
    while (shapes.size() < 60) {
      int kernelHeight = random.nextInt(1, 5);
      int kernelWidth = random.nextInt(1, 5);
      Window window =
          new Window(
              kernelHeight,
              kernelWidth,
              random.nextInt(1, 4),
              random.nextInt(1, 4),
              random.nextInt(kernelHeight / 2 + 1),
              random.nextInt(kernelWidth / 2 + 1),
              random.nextInt(1, 3),
              random.nextInt(1, 3));
      int height = random.nextInt(1, 20);
      int width = random.nextInt(1, 80);
      if (window.extentHeight() <= height + 2 * window.paddingHeight()
          && window.extentWidth() <= width + 2 * window.paddingWidth()) {
        shapes.add(new PoolingShape(window, height, width));
      }
    }
    return shapes.stream();
  }

  @FunctionalInterface
  private interface Call {
    void run(HostKernels k, TestTensor out, TestTensor indices, long from, long to);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void hasTheBitsOfItsTwin(PoolingShape shape) {
    try (Arena arena = Arena.ofShared()) {
      TestTensor x = TestTensor.normal(arena, PLANES * shape.plane(), 1, 1).withSpecials(3, 2);
      for (long i = 0; i < shape.plane(); i++) { // ties at the least value
        x.segment().setAtIndex(Lanes.FLOAT, i, Float.NEGATIVE_INFINITY);
      }
      TestTensor y = TestTensor.normal(arena, PLANES * shape.outputPlane(), 1, 3);
      TestTensor dy = y.copy(arena).withSpecials(100, 4);
      TestTensor indices =
          assertSame(
              "max",
              arena,
              y,
              (k, out, index, from, to) ->
                  k.pooling().max(shape, x.segment(), out.segment(), index.segment(), from, to));
      for (boolean flag : new boolean[] {false, true}) {
        assertSame(
            "maxBackward accumulate=" + flag,
            arena,
            x,
            (k, out, _, from, to) ->
                k.pooling()
                    .maxBackward(
                        shape.plane(),
                        shape.outputPlane(),
                        flag,
                        dy.segment(),
                        indices.segment(),
                        out.segment(),
                        from,
                        to));
        if (shape.window().dilationHeight() == 1 && shape.window().dilationWidth() == 1) {
          assertSame(
              "average countPadding=" + flag,
              arena,
              y,
              (k, out, _, from, to) ->
                  k.pooling().average(shape, flag, x.segment(), out.segment(), from, to));
          for (boolean accumulate : new boolean[] {false, true}) {
            assertSame(
                "averageBackward countPadding=" + flag + " accumulate=" + accumulate,
                arena,
                x,
                (k, out, _, from, to) ->
                    k.pooling()
                        .averageBackward(
                            shape, flag, accumulate, dy.segment(), out.segment(), from, to));
          }
        }
      }
    }
  }

  /**
   * The whole by the twin, and by the kernel as a whole and in two parts.
   *
   * @return the indices
   */
  private static TestTensor assertSame(String name, Arena arena, TestTensor old, Call kernel) {
    TestTensor expected = old.copy(arena);
    TestTensor expectedIndices = old.copy(arena);
    kernel.run(ScalarKernels.ALL, expected, expectedIndices, 0, PLANES);
    for (long split : new long[] {0, 3}) {
      TestTensor actual = old.copy(arena);
      TestTensor indices = old.copy(arena);
      kernel.run(SimdKernels.ALL, actual, indices, split, PLANES);
      kernel.run(SimdKernels.ALL, actual, indices, 0, split);
      assertThat(actual.bits()).as("%s split at %d", name, split).isEqualTo(expected.bits());
      assertThat(indices.segment().mismatch(expectedIndices.segment())).as(name).isEqualTo(-1);
      actual.assertGuardsIntact();
      indices.assertGuardsIntact();
    }
    return expectedIndices;
  }
}
