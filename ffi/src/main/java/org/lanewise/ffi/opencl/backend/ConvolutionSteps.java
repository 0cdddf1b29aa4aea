package org.lanewise.ffi.opencl.backend;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.host.ConvolutionShape;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.Epilogue;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.Window;

/** Convolutions on a device. */
final class ConvolutionSteps {
  private static final String FILE = "convolution.cl";

  /** Floats of memory for sums of blocks, unless those of a single block are more. */
  private static final long SUMS = 1 << 20;

  private ConvolutionSteps() {}

  static Step bind(ConvolutionOp op, Operands in, Operands out, Launcher launcher) {
    return switch (op) {
      case ConvolutionOp.Convolution(var window, var groups, var epilogue) ->
          forward(flat(shape(window, groups, in, in.dimension(1, 0))), epilogue, in, out, launcher);
      case ConvolutionOp.TransposedConvolution(var window, var groups, _, _) ->
          transposed(flat(shape(window, groups, out, in.dimension(1, 0))), in, out, launcher);
      case ConvolutionOp.ConvolutionWeightGradient(var window, var groups) -> {
        ConvolutionShape shape = shape(window, groups, in, in.dimension(1, 1));
        yield shape.isDepthwise()
            ? depthwiseWeightGradient(shape, in, out, launcher)
            : weightGradient(flat(shape), in, out, launcher);
      }
      case ConvolutionOp.ConvolutionBiasGradient _ -> biasGradient(in, out, launcher);
    };
  }

  private static Step forward(
      ConvolutionShape shape, Epilogue epilogue, Operands in, Operands out, Launcher launcher) {
    int results = results(shape.groupFilters(), launcher);
    Launcher.Arguments arguments =
        launcher
            .kernel(FILE, "convolve", Epilogues.withFunction(epilogue, options(results)))
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(in.get(epilogue.hasBias() ? 2 : 1))
            .tensor(out.get(0));
    return groups(window(arguments, shape), shape)
        .flag(epilogue.hasBias())
        .flag(epilogue.hasRelu())
        .overVectors(
            shape.outputWidth(),
            shape.outputHeight() * shape.groups() * Math.ceilDiv(shape.groupFilters(), results),
            shape.images());
  }

  private static Step transposed(
      ConvolutionShape shape, Operands in, Operands out, Launcher launcher) {
    int results = results(shape.groupChannels(), launcher);
    long stride = shape.window().strideWidth();
    Launcher.Arguments arguments =
        kernel("input_gradient", results, launcher)
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(out.get(0));
    return groups(window(arguments, shape), shape)
        .flag(out.adds(0))
        .overVectors(
            Math.ceilDiv(shape.width(), stride),
            shape.height()
                * Math.min(shape.width(), stride)
                * shape.groups()
                * Math.ceilDiv(shape.groupChannels(), results),
            shape.images());
  }

  /** So many blocks at a time as there is memory for; the first sums are those of all before. */
  private static Step weightGradient(
      ConvolutionShape shape, Operands in, Operands out, Launcher launcher) {
    long weights = out.size(0);
    long pixels = shape.images() * shape.outputPlane();
    long blocks = Math.max(1, Math.ceilDiv(pixels, ProductOp.DEPTH_BLOCK));
    long room = Math.min(blocks, Math.max(2, SUMS / Math.max(1, weights)));
    Operand sums = launcher.scratch(room * weights);
    int results = results(shape.depth(), launcher);
    List<Step> steps = new ArrayList<>();
    long done = 0;
    while (done < blocks) {
      int before = done == 0 ? 0 : 1;
      long count = Math.min(room - before, blocks - done);
      Launcher.Arguments products =
          kernel("weight_sums", results, launcher).tensor(in.get(0)).tensor(in.get(1)).tensor(sums);
      steps.add(
          groups(window(products, shape), shape)
              .number(done)
              .number(count)
              .integer(before)
              .over(
                  Math.ceilDiv(shape.depth(), results),
                  shape.groups() * Launcher.vectors(shape.groupFilters()),
                  count));
      done += count;
      boolean isLast = done == blocks;
      steps.add(
          kernel("add_sums", results, launcher)
              .tensor(sums)
              .number(before + count)
              .tensor(isLast ? out.get(0) : sums)
              .flag(isLast && out.adds(0))
              .number(weights)
              .overVectors(weights));
    }
    return launcher.sequence(steps.toArray(Step[]::new));
  }

  private static Step depthwiseWeightGradient(
      ConvolutionShape shape, Operands in, Operands out, Launcher launcher) {
    Launcher.Arguments arguments =
        kernel("depthwise_weight_gradient", 1, launcher)
            .tensor(in.get(0))
            .tensor(in.get(1))
            .tensor(out.get(0));
    return window(arguments, shape)
        .number(shape.images())
        .integer(Math.toIntExact(shape.filters()))
        .flag(out.adds(0))
        .over(shape.depth(), shape.filters());
  }

  private static Step biasGradient(Operands in, Operands out, Launcher launcher) {
    long images = in.dimension(0, 0);
    long filters = in.dimension(0, 1);
    long planes = images * filters;
    Operand sums = launcher.scratch(planes);
    return launcher.sequence(
        launcher
            .kernel("bias.cl", "plane_sums")
            .tensor(in.get(0))
            .tensor(sums)
            .number(planes)
            .number(in.shape(0).size(2, 4))
            .over(planes),
        launcher
            .kernel("bias.cl", "bias_gradient")
            .tensor(sums)
            .tensor(out.get(0))
            .number(images)
            .number(filters)
            .flag(out.adds(0))
            .over(filters));
  }

  /** How many of so many results a work item computes together. */
  private static int results(long count, Launcher launcher) {
    int most = launcher.isCpu() ? 8 : 4; // vectors, whose sums are in registers
    return count < most ? 1 : most;
  }

  private static Launcher.Arguments kernel(String name, int results, Launcher launcher) {
    return launcher.kernel(FILE, name, options(results));
  }

  private static String[] options(int results) {
    return new String[] {"RESULTS=" + results, "DEPTH_BLOCK=" + ProductOp.DEPTH_BLOCK};
  }

  private static Launcher.Arguments window(Launcher.Arguments arguments, ConvolutionShape shape) {
    return Windows.add(arguments, shape.window(), shape.height(), shape.width());
  }

  private static Launcher.Arguments groups(Launcher.Arguments arguments, ConvolutionShape shape) {
    return arguments
        .number(shape.images())
        .integer(Math.toIntExact(shape.groups()))
        .integer(Math.toIntExact(shape.groupChannels()))
        .integer(Math.toIntExact(shape.groupFilters()));
  }

  private static ConvolutionShape shape(Window window, long groups, Operands of, long filters) {
    return new ConvolutionShape(
        window,
        groups,
        of.dimension(0, 0),
        of.dimension(0, 1),
        of.dimension(0, 2),
        of.dimension(0, 3),
        filters);
  }

  /** Planes whose elements are the windows are one row, which makes whole vectors. */
  private static ConvolutionShape flat(ConvolutionShape shape) {
    return shape.window().isPointwise()
        ? new ConvolutionShape(
            shape.window(),
            shape.groups(),
            shape.images(),
            shape.channels(),
            1,
            shape.plane(),
            shape.filters())
        : shape;
  }
}
