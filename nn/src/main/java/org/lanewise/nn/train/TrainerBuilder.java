package org.lanewise.nn.train;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import java.util.function.Function;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.FiniteCheck;
import org.lanewise.kernels.backend.NonFiniteException;
import org.lanewise.kernels.backend.Profile;
import org.lanewise.kernels.backend.Speed;
import org.lanewise.kernels.backend.Timeline;
import org.lanewise.kernels.op.ClipOp;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.metrics.Metric;
import org.lanewise.nn.pass.Passes;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/** The settings of a training. Each method changes one and returns the builder. */
public final class TrainerBuilder {
  private static final Set<String> LOSSES = Set.of(Plateau.LOSS, Plateau.TRAIN_LOSS);

  final Weights weights;
  final Function<Tensors, Tensor> loss;
  final List<Callback> callbacks = new ArrayList<>();
  final List<Metric> metrics = new ArrayList<>();
  private final Map<String, String> ownSettings = new LinkedHashMap<>();
  long seed;
  int accumulate = 1;
  Optimizer optimizer = Optimizer.adam(1e-3);
  Clip clip = Clip.NONE;
  Schedule schedule = Schedule.constant();
  private String device = "cpu";
  private boolean profile;
  private boolean utilization;
  private boolean checkFinite;
  private Path trace;
  private int threads = Runtime.getRuntime().availableProcessors();

  TrainerBuilder(Weights weights, Function<Tensors, Tensor> loss) {
    this.weights = Objects.requireNonNull(weights, "weights");
    this.loss = Objects.requireNonNull(loss, "loss");
  }

  /** Where all random numbers come from; 0 unless set. */
  public TrainerBuilder seed(long value) {
    seed = value;
    return this;
  }

  /**
   * Batches whose gradients make one step, by their mean; 1 unless set. The last step of an epoch
   * may have fewer.
   *
   * @throws IllegalArgumentException if there are fewer than 1
   */
  public TrainerBuilder accumulate(int batches) {
    Ranges.atLeast("accumulate", 1, batches);
    accumulate = batches;
    return this;
  }

  /** Adam with a learning rate of 0.001 unless set. */
  public TrainerBuilder optimizer(Optimizer value) {
    optimizer = Objects.requireNonNull(value, "optimizer");
    return this;
  }

  /**
   * Limits each element of the gradients to ±{@code limit}; unlimited unless set. Gradients of
   * several batches are limited by their mean.
   *
   * @throws IllegalArgumentException if the limit is not above 0 and finite
   */
  public TrainerBuilder clipValue(double limit) {
    clip = clip.withValue(limit);
    return this;
  }

  /**
   * Limits the Euclidean norm of all gradients together, after their elements are limited;
   * unlimited unless set. Where it is larger, all of them are multiplied with the same factor, see
   * {@link ClipOp.ClipNorm}.
   *
   * @throws IllegalArgumentException if the limit is not above 0 and finite
   */
  public TrainerBuilder clipNorm(double limit) {
    clip = clip.withNorm(limit);
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

  /**
   * Threads of the host, at least 1; as many as it has processors unless set.
   *
   * @throws IllegalArgumentException if there are fewer
   */
  public TrainerBuilder threads(int count) {
    Ranges.atLeast("threads", 1, count);
    threads = count;
    return this;
  }

  /**
   * Whether the time of each op is noted; see {@link Trainer#profile}. Slower, and off unless set.
   */
  public TrainerBuilder profile(boolean value) {
    profile = value;
    return this;
  }

  /**
   * Whether results tell the {@link EpochResult#utilization}; they do not unless set. The peak is
   * what {@link Speed#products} measures, once: when training has run for two seconds or its first
   * epoch has ended, since code is compiled by then. That takes a tenth of a second, at most one,
   * and 13 MB of the device, and is not counted as training time. Where the model's operations fit
   * a cache better than that product, or the machine was busy then, more than 1 is possible.
   */
  public TrainerBuilder utilization(boolean value) {
    utilization = value;
    return this;
  }

  /**
   * Whether each op is looked at for the first one that makes a NaN or an infinity from finite
   * inputs, which a {@link NonFiniteException} then names with its layer and the ranges of its
   * inputs. Where no op did, since a batch or the weights have such numbers, the {@link
   * DivergedException} names the first op that read them. Everything is copied to the host for
   * that, so that a training takes many times as long; off unless set.
   */
  public TrainerBuilder checkFinite(boolean value) {
    checkFinite = value;
    return this;
  }

  /**
   * Writes a file that says which op ran when, and on which thread, for chrome://tracing and
   * Perfetto: of the steps 11 to 13 that the trainer makes, when the last of them ends, or of the
   * first three if it makes fewer, when {@link Trainer#fit} ends. Traced steps wait for each op;
   * the others take as long as ever.
   *
   * @param file is replaced; none unless set
   */
  public TrainerBuilder trace(Path file) {
    trace = Objects.requireNonNull(file, "file");
    return this;
  }

  /**
   * Notes a setting of the caller's own, such as the kind of the model: a checkpoint keeps it, and
   * a training is resumed only with the same one. An {@link OtherSettingException} for it comes
   * before all others, and calls it {@code setting.} and its name.
   */
  public TrainerBuilder setting(String name, String value) {
    ownSettings.put(Checkpoint.OWN_SETTING + name, Objects.requireNonNull(value, "value"));
    return this;
  }

  /** Adds watchers. */
  public TrainerBuilder callbacks(Callback... added) {
    callbacks.addAll(List.of(added));
    return this;
  }

  /**
   * Adds a metric, which each evaluation computes.
   *
   * @throws IllegalArgumentException if another one, or a loss, has its name
   */
  public TrainerBuilder metric(Metric metric) {
    String name = metric.name();
    if (LOSSES.contains(name) || metrics.stream().anyMatch(other -> other.name().equals(name))) {
      throw new IllegalArgumentException("another metric is called '" + name + "'");
    }
    metrics.add(metric);
    return this;
  }

  /**
   * Opens the device, and initializes the weights if they have no elements yet.
   *
   * @throws BackendUnavailableException if there is no such device
   */
  public Trainer build() {
    Backend backend = Backends.open(device, threads);
    try {
      weights.arrange(groups().stream().flatMap(g -> g.parameters().keySet().stream()).toList());
      if (!weights.hasElements()) {
        weights.initialize(seed);
      }
      return build(backend);
    } catch (RuntimeException | Error failure) {
      backend.close();
      throw failure;
    }
  }

  /** A trainer on an open device, each of whose steps those watch who are to. */
  private Trainer build(Backend backend) {
    TrainerBuilder settings = copy();
    Backend watched = backend;
    if (trace != null) {
      Timeline timeline = new Timeline(watched);
      settings.callbacks.add(new Tracing(trace, timeline));
      watched = timeline;
    }
    Optional<FiniteCheck> check = Optional.empty();
    if (checkFinite) {
      FiniteCheck checked = new FiniteCheck(watched);
      check = Optional.of(checked);
      watched = checked;
    }
    return new Trainer(
        settings,
        Session.of(profile ? new Profile(watched) : watched, weights),
        new Peak(utilization ? backend : null),
        check);
  }

  /** The settings as they are now: what is set later is for the next trainer. */
  private TrainerBuilder copy() {
    TrainerBuilder copy = new TrainerBuilder(weights, loss);
    copy.seed = seed;
    copy.accumulate = accumulate;
    copy.optimizer = optimizer;
    copy.clip = clip;
    copy.schedule = schedule;
    copy.callbacks.addAll(callbacks);
    copy.metrics.addAll(metrics);
    copy.ownSettings.putAll(ownSettings);
    return copy;
  }

  LossGraph graphs() {
    return new LossGraph(weights, loss);
  }

  private List<ParameterGroup> groups() {
    return ParameterGroup.of(optimizer, weights);
  }

  /**
   * What the training will cost, known before it has any memory.
   *
   * @param batch names and types of the tensors of a batch
   * @throws ShapeException if shapes do not fit
   */
  public Summary summary(Signature batch) {
    return Summary.of(graphs(), batch, optimizer, clip);
  }

  /**
   * What the loss computes, as it was traced.
   *
   * @param batch names and types of the tensors of a batch
   * @throws ShapeException if shapes do not fit
   */
  public Graph lossGraph(Signature batch) {
    return graphs().forward(Mode.TRAIN, batch);
  }

  /**
   * What a step computes, loss and gradients: as it was traced, with gradients, and after each
   * pass. The last one is what its plan is made of.
   *
   * @param batch names and types of the tensors of a batch
   * @throws ShapeException if shapes do not fit
   */
  public SequencedMap<String, Graph> stepGraphs(Signature batch) {
    Graph forward = lossGraph(batch);
    Graph step = graphs().withGradients(forward);
    SequencedMap<String, Graph> stages = new LinkedHashMap<>();
    stages.put("traced", forward);
    stages.put("with gradients", step);
    stages.putAll(Passes.stages(step));
    return stages;
  }

  /** What must be the same when a training is resumed after some steps, for the same bits. */
  Map<String, String> mustMatchOnResume(long steps) {
    Map<String, String> settings = new LinkedHashMap<>(ownSettings);
    settings.put("seed", Long.toString(seed));
    settings.put("accumulate", Integer.toString(accumulate));
    settings.putAll(ParameterGroup.settings(groups()));
    settings.put(
        "schedule", isDescribed(schedule) ? schedule.toString() : factors(steps).toString());
    settings.putAll(clip.settings());
    return settings;
  }

  /** Whether what {@code toString} says is the whole schedule. */
  private static boolean isDescribed(Schedule schedule) {
    return schedule instanceof Warmup(_, Schedule then)
        ? isDescribed(then)
        : schedule instanceof Record;
  }

  /** Factors of the learning rate by step, of some steps so far and of the next one. */
  private Map<Long, Double> factors(long steps) {
    Map<Long, Double> factors = new LinkedHashMap<>();
    for (long step = 1; step <= steps; step *= 2) {
      factors.put(step, schedule.factor(step));
    }
    factors.put(steps + 1, schedule.factor(steps + 1));
    return factors;
  }
}
