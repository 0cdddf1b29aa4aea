package org.lanewise.nn.train;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Profile;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Loss;
import org.lanewise.nn.Optimizer;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Parameters;
import org.lanewise.nn.Schedule;
import org.lanewise.nn.TracedModel;

/** The settings of a training. Each method changes one and returns the builder. */
public final class TrainerBuilder {
  final Layer model;
  final Shape inputShape;
  final Loss loss;
  final List<Callback> callbacks = new ArrayList<>();
  int batch = 32;
  long seed;
  Optimizer optimizer = Optimizer.adam(1e-3);
  Schedule schedule = Schedule.constant();
  private String device = "cpu";
  private boolean profile;
  private int threads = Runtime.getRuntime().availableProcessors();

  TrainerBuilder(Layer model, Shape inputShape, Loss loss) {
    this.model = Objects.requireNonNull(model, "model");
    this.inputShape = inputShape;
    this.loss = loss;
  }

  /** Samples per step, at least 1; 32 unless set. A last batch may be shorter. */
  public TrainerBuilder batch(int samples) {
    batch = atLeastOne("batch", samples);
    return this;
  }

  /** Where all random numbers come from; 0 unless set. */
  public TrainerBuilder seed(long value) {
    seed = value;
    return this;
  }

  /** Adam with a learning rate of 0.001 unless set. */
  public TrainerBuilder optimizer(Optimizer value) {
    optimizer = Objects.requireNonNull(value, "optimizer");
    return this;
  }

  /** How the learning rate changes; it is constant unless set. */
  public TrainerBuilder schedule(Schedule value) {
    schedule = Objects.requireNonNull(value, "schedule");
    return this;
  }

  /** A backend's name, as {@link Backends#open} takes it; {@code cpu} unless set. */
  public TrainerBuilder device(String name) {
    device = Objects.requireNonNull(name, "device");
    return this;
  }

  /** Threads of the host, at least 1; as many as it has processors unless set. */
  public TrainerBuilder threads(int count) {
    threads = atLeastOne("threads", count);
    return this;
  }

  /**
   * Whether the time of each op is noted; see {@link Trainer#profile}. Slower, and off unless set.
   */
  public TrainerBuilder profile(boolean value) {
    profile = value;
    return this;
  }

  /** Adds a watcher. */
  public TrainerBuilder on(Callback callback) {
    callbacks.add(Objects.requireNonNull(callback, "callback"));
    return this;
  }

  /**
   * Opens the device and initializes the parameters.
   *
   * @throws ShapeException if the model's shapes do not fit
   * @throws IllegalArgumentException if the model is not a record of layers, or has a parameter
   *     that its output does not depend on
   * @throws BackendUnavailableException if there is no such device
   */
  public Trainer compile() {
    var parameters = Parameters.of(model);
    summary(); // traces the model and finds its faults before anything is allocated
    Backend backend = Backends.open(device, threads);
    try {
      return new Trainer(copy(), parameters, profile ? new Profile(backend) : backend);
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  /** The settings as they are now: what is set later is for the next trainer. */
  private TrainerBuilder copy() {
    TrainerBuilder copy = new TrainerBuilder(model, inputShape, loss);
    copy.batch = batch;
    copy.seed = seed;
    copy.optimizer = optimizer;
    copy.schedule = schedule;
    copy.device = device;
    copy.profile = profile;
    copy.threads = threads;
    copy.callbacks.addAll(callbacks);
    return copy;
  }

  /** What the training will cost, known before it has any memory. */
  public Summary summary() {
    return Summary.of(trace(Parameters.of(model), batch), optimizer);
  }

  TracedModel trace(Map<String, Parameter> parameters, int batch) {
    TensorType input = new TensorType(DType.F32, inputShape.prepend(batch));
    return TracedModel.of(model, parameters, input, loss);
  }

  /** What must be the same when a training is resumed, for the same bits. */
  Map<String, String> mustMatchOnResume() {
    Map<String, String> settings = new LinkedHashMap<>();
    settings.put("batch", Integer.toString(batch));
    settings.put("seed", Long.toString(seed));
    settings.put("optimizer", optimizer.toString());
    settings.put("schedule", schedule.toString());
    return settings;
  }

  private static int atLeastOne(String name, int value) {
    if (value < 1) {
      throw new IllegalArgumentException(name + " must be at least 1 but is " + value);
    }
    return value;
  }
}
