package org.lanewise.ffi.opencl.backend;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.lanewise.ffi.opencl.Context;
import org.lanewise.ffi.opencl.Device;
import org.lanewise.ffi.opencl.DeviceMemory;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Buffer;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.backend.OperandRule;
import org.lanewise.kernels.backend.Step;
import org.lanewise.kernels.op.ActivationOp;
import org.lanewise.kernels.op.AttentionOp;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.ConversionOp;
import org.lanewise.kernels.op.ConvolutionOp;
import org.lanewise.kernels.op.DropoutOp;
import org.lanewise.kernels.op.ElementwiseOp;
import org.lanewise.kernels.op.EmbeddingOp;
import org.lanewise.kernels.op.LayoutOp;
import org.lanewise.kernels.op.LossOp;
import org.lanewise.kernels.op.NormOp;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.PoolingOp;
import org.lanewise.kernels.op.ProductOp;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.ReductionOp;
import org.lanewise.kernels.op.SoftmaxOp;
import org.lanewise.kernels.op.UpdateOp;
import org.lanewise.kernels.op.Write;

/**
 * Runs ops on an OpenCL device. Steps are queued; reading a buffer waits for them, and throws what
 * they found wrong. An op that the device cannot run, for want of f64 or because users brought it,
 * runs on the host, unless {@link Settings#strict} forbids it.
 */
public final class OpenClBackend implements Backend {
  private static final double GIB = 1L << 30;

  private final Settings settings;
  private final Context context;
  private final Faults faults;
  private final Programs programs;
  private final Launcher launcher;
  private final Map<String, Integer> fallbacks = new TreeMap<>();
  private Backend host;
  private boolean closed;

  /** Opens a device, with the sizes that a {@link Tuner} found if there was one. */
  public OpenClBackend(Device device, Settings settings) {
    this(device, settings, new TuningFile(settings.cache(), device).read());
  }

  OpenClBackend(Device device, Settings settings, Tuning tuning) {
    this.settings = settings;
    context = new Context(device, settings.timeout());
    faults = new Faults(context);
    programs = new Programs(context, new ProgramCache(settings.cache()));
    launcher = new Launcher(context, faults, programs, tuning, settings.runsCpuKernels(device));
  }

  @Override
  public String name() {
    return "opencl";
  }

  @Override
  public String description() {
    Device device = context.device();
    int count = fallbacks.values().stream().mapToInt(Integer::intValue).sum();
    String onHost =
        fallbacks.isEmpty()
            ? ""
            : ", %d op%s on the host: %s"
                .formatted(count, count == 1 ? "" : "s", String.join(", ", fallbacks.keySet()));
    return "%s, %d compute units, %.1f GiB in pieces of at most %.1f, driver %s%s"
        .formatted(
            device,
            device.computeUnits(),
            device.memory() / GIB,
            device.maxAllocation() / GIB,
            device.driver(),
            onHost);
  }

  /** The device in use. */
  public Context context() {
    return context;
  }

  /** How many ops that were bound run on the host, by name. */
  public Map<String, Integer> fallbacks() {
    return Map.copyOf(fallbacks);
  }

  @Override
  public Buffer allocate(long byteSize) {
    requireOpen();
    return new DeviceBuffer(DeviceMemory.allocate(context, byteSize), faults);
  }

  @Override
  public Step bind(Op op, List<Operand> inputs, List<Operand> outputs, List<Write> writes) {
    requireOpen();
    OperandRule.check(op, inputs, outputs, writes);
    inputs.forEach(this::requireMine);
    outputs.forEach(this::requireMine);
    if (Operand.areEmpty(outputs)) {
      return () -> {};
    }
    Operands in = new Operands(inputs, List.of());
    Operands out = new Operands(outputs, writes);
    try {
      return bind(op, in, out);
    } catch (UnsupportedKernelException unsupported) {
      if (settings.strict()) {
        throw new UnsupportedOperationException(
            op.name() + " does not run on the device: " + unsupported.getMessage(), unsupported);
      }
      fallbacks.merge(op.name(), 1, Integer::sum);
      return new HostStep(op, in, out, host());
    }
  }

  private Step bind(Op op, Operands in, Operands out) {
    return switch (op) {
      case ActivationOp activation -> ActivationSteps.bind(activation, in, out, launcher);
      case ClipOp clip -> ClipSteps.bind(clip, in, out, launcher);
      case ConversionOp conversion -> ConversionSteps.bind(conversion, in, out, launcher);
      case ConvolutionOp convolution -> ConvolutionSteps.bind(convolution, in, out, launcher);
      case AttentionOp attention -> AttentionSteps.bind(attention, in, out, launcher);
      case DropoutOp dropout -> DropoutSteps.bind(dropout, in, out, launcher);
      case ElementwiseOp elementwise -> ElementwiseSteps.bind(elementwise, in, out, launcher);
      case EmbeddingOp embedding -> EmbeddingSteps.bind(embedding, in, out, launcher);
      case LayoutOp layout -> LayoutSteps.bind(layout, in, out, launcher);
      case LossOp loss -> LossSteps.bind(loss, in, out, launcher);
      case PoolingOp pooling -> PoolingSteps.bind(pooling, in, out, launcher);
      case NormOp norm -> NormSteps.bind(norm, in, out, launcher);
      case ProductOp product -> ProductSteps.bind(product, in, out, launcher);
      case RecurrentOp recurrent -> RecurrentSteps.bind(recurrent, in, out, launcher);
      case ReductionOp reduction -> ReductionSteps.bind(reduction, in, out, launcher);
      case SoftmaxOp softmax -> SoftmaxSteps.bind(softmax, in, out, launcher);
      case UpdateOp update -> UpdateSteps.bind(update, in, out, launcher);
      case Op.Custom _ -> throw new UnsupportedKernelException("its code is for the host");
    };
  }

  private Backend host() {
    if (host == null) {
      host = Backends.open("cpu", settings.threads());
    }
    return host;
  }

  @Override
  public long time(Step step) {
    return step instanceof DeviceStep onDevice ? onDevice.time() : Backend.super.time(step);
  }

  @Override
  public boolean timesOnDevice(Step step) {
    return step instanceof DeviceStep;
  }

  private void requireMine(Operand operand) {
    if (!(operand.buffer() instanceof DeviceBuffer buffer && buffer.memory().isOf(context))) {
      throw new IllegalArgumentException(
          "operand " + operand.type() + " is not in a buffer of the backend '" + name() + "'");
    }
  }

  private void requireOpen() {
    if (closed) {
      throw new IllegalStateException("the backend '" + name() + "' is closed");
    }
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      try {
        context.queue().finish();
        programs.save();
        context.close();
      } finally {
        if (host != null) {
          host.close();
        }
      }
    }
  }
}
