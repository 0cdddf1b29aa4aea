package org.lanewise.nn.train;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.function.Function;
import org.lanewise.kernels.backend.FiniteCheck;
import org.lanewise.kernels.backend.NonFiniteException;
import org.lanewise.kernels.backend.Profile;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.metrics.Metric;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.MismatchedWeightsException;
import org.lanewise.nn.weights.Weights;

/**
 * A loop over a session: it makes a loss small by changing the weights.
 *
 * <p>A training is a function of model, data, settings and seed: the same ones give the same
 * weights bit for bit, with any number of threads, and also when it was stopped and resumed.
 *
 * <p>One thread at a time may use a trainer; {@link #stop} may be called from any.
 */
public final class Trainer implements AutoCloseable {
  private final TrainerBuilder settings;
  private final Session session;
  private final Evaluator evaluator;
  private final Stepper stepper;
  private Progress progress = new Progress();
  private History history = new History(List.of());
  private Batches training;
  private final EpochLoop loop;
  private volatile boolean stopRequested;
  private boolean stopped;

  /** A loop over a session on a device whose peak is not wanted. */
  Trainer(TrainerBuilder settings, Session session) {
    this(settings, session, new Peak(null), Optional.empty());
  }

  /**
   * A loop over a session.
   *
   * @param peak of the session's device
   * @param finiteCheck what looks at all that the session computes
   */
  Trainer(TrainerBuilder settings, Session session, Peak peak, Optional<FiniteCheck> finiteCheck) {
    this.settings = settings;
    this.session = session;
    LossGraph graphs = settings.graphs();
    evaluator = new Evaluator(session, graphs, settings.metrics, settings.seed);
    stepper = new Stepper(session, graphs, settings);
    loop = new EpochLoop(settings, stepper, peak, finiteCheck);
  }

  /**
   * Settings to train weights.
   *
   * @param weights if they have no elements yet, they are initialized with the training's seed
   * @param loss a scalar, from the tensors of a batch; tensors that it {@linkplain Tensor#as names}
   *     can be read by metrics
   */
  public static TrainerBuilder of(Weights weights, Function<Tensors, Tensor> loss) {
    return new TrainerBuilder(weights, loss);
  }

  /**
   * Settings to train a classifier with cross-entropy loss. Samples have an input {@code x} and a
   * {@code label}, i32, i64 or u8.
   *
   * @param model maps inputs to logits [batch, classes]
   */
  public static <M extends Record & Layer> TrainerBuilder classifier(M model) {
    return of(
            Weights.of(model),
            in ->
                model
                    .forward(in.get("x"))
                    .as("logits")
                    .crossEntropy(in.get("label").convert(DType.I32)))
        .metric(Metric.accuracy());
  }

  /**
   * Settings to train a model with mean squared error. Samples have an input {@code x} and a {@code
   * target}.
   *
   * @param model maps inputs to what has the shape of the targets
   */
  public static <M extends Record & Layer> TrainerBuilder regressor(M model) {
    return of(
        Weights.of(model),
        in -> model.forward(in.get("x")).as("output").meanSquaredError(in.get("target")));
  }

  // ---- What callbacks ask ---------------------------------------------------------------------

  /** Where the weights are, and where functions of them run. */
  public Session session() {
    return session;
  }

  /** The weights. */
  public Weights weights() {
    return session.weights();
  }

  /** Optimizer steps made so far. */
  public long steps() {
    return progress.steps;
  }

  /** Number of the running epoch, from 1. */
  public int epoch() {
    return progress.epoch();
  }

  /** Samples of the running epoch that have been trained on. */
  public long samplesDone() {
    return progress.samplesDone;
  }

  /** Samples of an epoch; 0 before the first {@link #fit}. */
  public long samples() {
    return training == null ? 0 : training.samples();
  }

  /** Mean loss of the running epoch's samples so far. */
  public double meanLoss() {
    return progress.lossSum / progress.samplesDone;
  }

  /** Mean loss of the last step's samples, before that step; NaN before the first one. */
  public double stepLoss() {
    return progress.stepLoss;
  }

  /** What the last step's learning rate was, of the first parameter group; NaN before it. */
  public double learningRate() {
    return stepper.learningRate();
  }

  /**
   * Names and types of the tensors of a batch.
   *
   * @throws IllegalStateException before the first {@link #fit}
   */
  public Signature batchSignature() {
    if (training == null) {
      throw new IllegalStateException("no training has begun, so batches are not known");
    }
    return training.signature();
  }

  /** How fast the running epoch is; while {@link #fit} runs. */
  public Pace pace() {
    return loop.pace(progress);
  }

  /** Finished epochs, those before a resume included. */
  public History history() {
    return history;
  }

  /** What a step costs, see {@link TrainerBuilder#summary}. */
  public Summary summary(Signature batch) {
    return settings.summary(batch);
  }

  /** What the loss computes, see {@link TrainerBuilder#lossGraph}. */
  public Graph lossGraph(Signature batch) {
    return settings.lossGraph(batch);
  }

  /** What a step computes, see {@link TrainerBuilder#stepGraphs}. */
  public SequencedMap<String, Graph> stepGraphs(Signature batch) {
    return settings.stepGraphs(batch);
  }

  /**
   * Where the time went so far, as {@link Profile#table} shows it; nothing unless {@link
   * TrainerBuilder#profile} asked for it.
   */
  public Optional<String> profile() {
    return session.backend() instanceof Profile profile
        ? Optional.of(profile.table())
        : Optional.empty();
  }

  /**
   * Copies of the gradients that the last step followed, their mean over its batches and clipped,
   * by parameter name; none before it.
   */
  public SequencedMap<String, HostTensor> gradients() {
    return stepper.gradients();
  }

  // ---- Training -------------------------------------------------------------------------------

  /**
   * Trains until the given number of epochs is finished, those before a resume included, or until
   * {@link #stop}.
   *
   * @param epochs number of the last epoch; nothing is done if it is finished already
   * @return all finished epochs
   * @throws DivergedException if the loss becomes NaN or infinite
   * @throws NonFiniteException if {@link TrainerBuilder#checkFinite} found the op that did it
   * @throws ShapeException if the data does not have the model's types
   * @throws IllegalArgumentException if the data is empty, or not what a checkpoint was made with
   * @throws IndexOutOfBoundsException if a label is not a class of the model
   * @throws UncheckedIOException if a callback cannot write its file
   */
  public History fit(Batches train, int epochs) {
    return fit(train, null, epochs);
  }

  /**
   * Trains as {@link #fit(Batches, int)} and evaluates after each epoch.
   *
   * @param validation data to evaluate on, or null
   */
  public History fit(Batches train, Batches validation, int epochs) {
    requireSamples("training", train);
    if (validation != null) {
      requireSamples("validation", validation);
    }
    progress.use(train);
    training = train;
    try {
      while (!stopRequested && progress.epoch() <= epochs) {
        runEpoch(validation);
      }
      stopped = stopRequested && progress.epoch() <= epochs;
      for (Callback callback : settings.callbacks) {
        callback.onEnd(this);
      }
      return history();
    } catch (IOException failure) {
      settings.callbacks.forEach(Callback::onFailure);
      throw new UncheckedIOException(failure);
    } catch (RuntimeException | Error failure) {
      settings.callbacks.forEach(Callback::onFailure);
      throw failure;
    } finally {
      stopRequested = false;
    }
  }

  /**
   * Ends the running {@link #fit} after the current step, or the next one before its first. May be
   * called from any thread.
   */
  public void stop() {
    stopRequested = true;
  }

  /** Whether {@link #stop} ended the last {@link #fit}. */
  public boolean stopped() {
    return stopped;
  }

  private static void requireSamples(String purpose, Batches batches) {
    if (batches.samples() == 0) {
      throw new IllegalArgumentException("the " + purpose + " data is empty");
    }
  }

  private void runEpoch(Batches validation) throws IOException {
    boolean ended = loop.run(this, progress, training, () -> stopRequested);
    if (ended) {
      EpochResult result = loop.result(progress, validation == null ? null : evaluate(validation));
      progress.finish(result);
      history = new History(progress.epochs);
      for (Callback callback : settings.callbacks) {
        callback.onEpoch(this, result);
      }
    }
  }

  /**
   * Loss and metrics on a data set.
   *
   * @param measurements that look at its batches, too, such as those of a confusion matrix
   * @throws ShapeException if the data does not have the model's types
   * @throws IllegalArgumentException if it is empty
   */
  public Evaluation evaluate(Batches data, Metric.Measurement... measurements) {
    requireSamples("evaluation", data);
    return evaluator.evaluate(data, List.of(measurements));
  }

  // ---- Files ----------------------------------------------------------------------------------

  /**
   * Saves all that a training needs to continue to the same bits, whole or not at all.
   *
   * @throws IOException if writing fails
   */
  public void saveCheckpoint(Path file) throws IOException {
    SequencedMap<String, HostTensor> tensors = weights().tensors();
    tensors.putAll(stepper.tensors());
    Checkpoint.write(file, settings.mustMatchOnResume(progress.steps), progress, tensors);
  }

  /**
   * Continues where a checkpoint was saved.
   *
   * @param batches what {@link #fit} will be given to train on
   * @throws MalformedFileException if the file is damaged or no checkpoint; then nothing was loaded
   * @throws MismatchedWeightsException if it is of another model; then nothing was loaded
   * @throws OtherSettingException if it was written with another seed, optimizer or schedule, or
   *     other batches; then nothing was loaded
   * @throws IOException if it cannot be read
   */
  public void resume(Path file, Batches batches) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      SafeTensors stored = SafeTensors.read(file, arena);
      Progress saved =
          Checkpoint.progress(file, stored.metadata(), settings::mustMatchOnResume, batches);
      weights().requireSame(file, stored.tensors(), OptimizerState::isStored);
      stepper.requireStored(file, stored.tensors(), saved.steps, batches.signature());
      weights().load(file, stored.tensors(), OptimizerState::isStored);
      stepper.restore(stored.tensors());
      progress = saved;
      history = new History(progress.epochs);
    }
  }

  /** Frees the device. Any use afterwards throws {@link IllegalStateException}. */
  @Override
  public void close() {
    session.close();
  }
}
