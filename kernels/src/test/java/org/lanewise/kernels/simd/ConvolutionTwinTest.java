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
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.host.HostKernels;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.Window;

/** Convolutions of many shapes against their twins: the same bits, over any split of the range. */
@ExtendWith(EnterWorkspace.class)
class ConvolutionTwinTest {
  static Stream<ConvolutionShape> shapes() {
    List<ConvolutionShape> shapes = new ArrayList<>();
    Window w3 = Window.of(3).withPadding(1);
    shapes.add(new ConvolutionShape(w3, 1, 2, 3, 28, 28, 5));
    shapes.add(new ConvolutionShape(w3, 1, 1, 60, 5, 5, 3)); // two depth blocks
    shapes.add(new ConvolutionShape(w3, 1, 1, 2, 3, 3, 520)); // two depth blocks of filters
    shapes.add(new ConvolutionShape(Window.of(1), 1, 2, 3, 4, 5, 520));
    shapes.add(new ConvolutionShape(Window.of(1), 1, 2, 530, 4, 5, 3));
    shapes.add(new ConvolutionShape(Window.of(1, 3), 1, 1, 1, 1, 5000, 2)); // blocks end in a row
    shapes.add(new ConvolutionShape(w3, 1, 1, 2, 2, 4500, 2));
    shapes.add(new ConvolutionShape(w3, 1, 1, 300, 4, 4, 2)); // blocks of a few channels
    shapes.add(new ConvolutionShape(w3, 5, 2, 5, 70, 70, 5)); // depthwise, rows in two blocks
    shapes.add(new ConvolutionShape(Window.of(23), 2, 1, 2, 25, 27, 2)); // not one depth block
    shapes.add(new ConvolutionShape(w3.withStride(2_000_000_000), 1, 1, 1, 3, 4, 1));
    SplittableRandom random = new SplittableRandom(1);
    while (shapes.size() < 60) {
      int groups = random.nextInt(1, 4);
      boolean depthwise = random.nextInt(3) == 0;
      Window window =
          new Window(
              random.nextInt(1, 4),
              random.nextInt(1, 6),
              random.nextInt(1, 4),
              random.nextInt(1, 4),
              random.nextInt(0, 4),
              random.nextInt(0, 4),
              random.nextInt(1, 3),
              random.nextInt(1, 3));
      int height = random.nextInt(1, 25);
      int width = random.nextInt(1, 80);
      if (window.extentHeight() <= height + 2 * window.paddingHeight()
          && window.extentWidth() <= width + 2 * window.paddingWidth()) {
        shapes.add(
            new ConvolutionShape(
                window,
                groups,
                random.nextInt(1, 4),
                groups * (depthwise ? 1 : random.nextInt(1, 12)),
                height,
                width,
                groups * (depthwise ? 1 : random.nextInt(1, 24))));
      }
    }
    return shapes.stream();
  }

  private static final List<Epilogue> EPILOGUES =
      List.of(
          Epilogue.NONE,
          Epilogue.ROW_BIAS,
          Epilogue.RELU,
          Epilogue.ROW_BIAS.withFunction(Epilogue.Function.GELU));

  @FunctionalInterface
  private interface Call {
    void run(HostKernels k, TestTensor out, long from, long to);
  }

  @ParameterizedTest
  @MethodSource("shapes")
  void hasTheBitsOfItsTwin(ConvolutionShape shape) {
    try (Arena arena = Arena.ofShared()) {
      long planes = shape.images() * shape.channels();
      long pixels = shape.images() * shape.outputPlane();
      TestTensor x = TestTensor.normal(arena, planes * shape.plane(), 1, 1).withSpecials(500, 2);
      TestTensor w = TestTensor.normal(arena, shape.filters() * shape.depth(), 1, 3);
      TestTensor b = TestTensor.normal(arena, shape.filters(), 1, 4);
      TestTensor y = TestTensor.normal(arena, pixels * shape.filters(), 1, 5);
      TestTensor dy = y.copy(arena).withSpecials(500, 6);
      w.segment().setAtIndex(Lanes.FLOAT, 0, -0f);
      y.segment().set(Lanes.FLOAT, 0, 0f);
      for (Epilogue epilogue : EPILOGUES) {
        assertSame(
            "forward " + epilogue,
            arena,
            y,
            pixels,
            (k, out, from, to) ->
                k.convolutions()
                    .forward(
                        shape,
                        epilogue,
                        x.segment(),
                        w.segment(),
                        epilogue.hasBias() ? b.segment() : null,
                        out.segment(),
                        from,
                        to));
      }
      for (boolean accumulate : new boolean[] {false, true}) {
        assertSame(
            "backwardInput accumulate=" + accumulate,
            arena,
            x,
            planes,
            (k, out, from, to) ->
                k.convolutions()
                    .backwardInput(
                        shape, accumulate, dy.segment(), w.segment(), out.segment(), from, to));
        assertSame(
            "backwardWeight accumulate=" + accumulate,
            arena,
            w,
            shape.weightItems(),
            (k, out, from, to) ->
                k.convolutions()
                    .backwardWeight(
                        shape, accumulate, x.segment(), dy.segment(), out.segment(), from, to));
        assertSame(
            "backwardBias accumulate=" + accumulate,
            arena,
            b,
            shape.filters(),
            (k, out, from, to) ->
                k.convolutions()
                    .backwardBias(
                        shape.images(),
                        shape.filters(),
                        shape.outputPlane(),
                        accumulate,
                        dy.segment(),
                        out.segment(),
                        from,
                        to));
      }
    }
  }

  static Stream<ConvolutionShape> depthwiseShapes() {
    return shapes().filter(ConvolutionShape::isDepthwise);
  }

  @ParameterizedTest
  @MethodSource("depthwiseShapes")
  void depthwiseHasTheBitsOfItsTwin(ConvolutionShape shape) {
    try (Arena arena = Arena.ofShared()) {
      long planes = shape.images() * shape.channels();
      TestTensor x = TestTensor.normal(arena, planes * shape.plane(), 1, 1).withSpecials(500, 2);
      TestTensor w = TestTensor.normal(arena, shape.filters() * shape.depth(), 1, 3);
      TestTensor b = TestTensor.normal(arena, shape.filters(), 1, 4);
      TestTensor y = TestTensor.normal(arena, planes * shape.outputPlane(), 1, 5);
      TestTensor dy = y.copy(arena).withSpecials(500, 6);
      for (Epilogue epilogue : EPILOGUES) {
        assertSame(
            "forward " + epilogue,
            arena,
            y,
            planes,
            (k, out, from, to) ->
                k.depthwise()
                    .forward(
                        shape,
                        epilogue,
                        x.segment(),
                        w.segment(),
                        epilogue.hasBias() ? b.segment() : null,
                        out.segment(),
                        from,
                        to));
      }
      for (boolean accumulate : new boolean[] {false, true}) {
        assertSame(
            "backwardInput accumulate=" + accumulate,
            arena,
            x,
            planes,
            (k, out, from, to) ->
                k.depthwise()
                    .backwardInput(
                        shape, accumulate, dy.segment(), w.segment(), out.segment(), from, to));
        assertSame(
            "backwardWeight accumulate=" + accumulate,
            arena,
            w,
            shape.filters(),
            (k, out, from, to) ->
                k.depthwise()
                    .backwardWeight(
                        shape, accumulate, x.segment(), dy.segment(), out.segment(), from, to));
      }
    }
  }

  /** The whole by the twin, and by the kernel as a whole and in two parts. */
  private static void assertSame(
      String name, Arena arena, TestTensor old, long extent, Call kernel) {
    TestTensor expected = old.copy(arena);
    kernel.run(ScalarKernels.ALL, expected, 0, extent);
    for (long split : new long[] {0, extent / 3}) {
      TestTensor actual = old.copy(arena);
      kernel.run(SimdKernels.ALL, actual, split, extent);
      kernel.run(SimdKernels.ALL, actual, 0, split);
      assertThat(actual.bits()).as("%s split at %d", name, split).isEqualTo(expected.bits());
      actual.assertGuardsIntact();
    }
  }
}
