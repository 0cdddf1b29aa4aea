package org.lanewise.nn.train;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import java.util.Set;
import org.lanewise.kernels.Permutations;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Profile;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Loss;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;

/**
 * A model on a device, ready to train and to use. Made by {@link #classify} or {@link #regress}.
 *
 * <p>A training is a function of model, data, settings and seed: the same ones give the same
 * weights bit for bit, with any number of threads, and also when it was stopped and resumed.
 *
 * <p>One thread at a time may use a trainer; {@link #stop} may be called from any.
 */
public final class Trainer implements AutoCloseable {
  /** Streams of random numbers from here on shuffle epochs; those below initialize parameters. */
  private static final long SHUFFLE_STREAM = 1L << 32;

  private final TrainerBuilder settings;
  private final SequencedMap<String, Parameter> parameters;
  private final Backend backend;
  private final ParameterLayout layout;
  private final ParameterStore weights;
  private final List<BatchPlan> plans = new ArrayList<>();
  private final TensorType outputType;
  private OptimizerState optimizerState;
  private Position position = new Position();
  private volatile boolean stopRequested;
  private boolean stopped;

  Trainer(TrainerBuilder settings, SequencedMap<String, Parameter> parameters, Backend backend) {
    this.settings = settings;
    this.parameters = parameters;
    this.backend = backend;
    layout = new ParameterLayout(parameters);
    weights = new ParameterStore(backend, layout);
    weights.initialize(parameters, settings.seed);
    outputType = settings.trace(parameters, 1).output().type();
  }

  /**
   * Settings to train a classifier with cross-entropy loss.
   *
   * @param model maps [batch, inputDimensions…] to logits [batch, classes]
   * @param inputDimensions shape of one input
   */
  public static TrainerBuilder classify(Layer model, long... inputDimensions) {
    return new TrainerBuilder(model, Shape.of(inputDimensions), Loss.CROSS_ENTROPY);
  }

  /**
   * Settings to train a model with mean squared error.
   *
   * @param model maps [batch, inputDimensions…] to [batch, outputs]
   * @param inputDimensions shape of one input
   */
  public static TrainerBuilder regress(Layer model, long... inputDimensions) {
    return new TrainerBuilder(model, Shape.of(inputDimensions), Loss.MEAN_SQUARED_ERROR);
  }

  /** Layers, parameters, FLOPs and bytes. */
  public Summary summary() {
    return settings.summary();
  }

  /** What the model runs on. */
  public String device() {
    return backend.name() + ": " + backend.description();
  }

  /**
   * Where the time went so far, as {@link Profile#table} shows it; nothing unless {@link
   * TrainerBuilder#profile} asked for it.
   */
  public Optional<String> profile() {
    return backend instanceof Profile profile ? Optional.of(profile.table()) : Optional.empty();
  }

  /** Copies of all parameters by name, each row-major. */
  public SequencedMap<String, float[]> parameters() {
    return weights.toArrays();
  }

  /** Copies of the gradients of the last training step by parameter name; zeros before it. */
  public SequencedMap<String, float[]> gradients() {
    return optimizerState().gradients().toArrays();
  }

  /** Training steps made so far. */
  public long steps() {
    return position.steps;
  }

  /** Finished epochs, those before a resume included. */
  public History history() {
    return new History(position.epochs);
  }

  /**
   * Trains until the given number of epochs is finished, those before a resume included, or until
   * {@link #stop}.
   *
   * @param epochs number of the last epoch; nothing is done if it is finished already
   * @return all finished epochs
   * @throws DivergedException if the loss becomes NaN or infinite
   * @throws ShapeException if the data does not have the model's types
   * @throws IllegalArgumentException if the data is empty, or smaller than what the epoch that goes
   *     on was trained on
   * @throws IndexOutOfBoundsException if a label is not a class of the model
   * @throws UncheckedIOException if a callback cannot write its file, or the data cannot be that of
   *     the checkpoint that was resumed
   */
  public History fit(Dataset train, int epochs) {
    return fit(train, null, epochs);
  }

  /**
   * Trains as {@link #fit(Dataset, int)} and evaluates after each epoch.
   *
   * @param validation data to evaluate on, or null
   */
  public History fit(Dataset train, Dataset validation, int epochs) {
    checkTypes("training", train);
    if (validation != null) {
      checkTypes("validation", validation);
    }
    position.requireFits(train.size(), settings.batch);
    try {
      while (!stopRequested && position.epoch() <= epochs) {
        runEpoch(train, validation);
      }
      stopped = stopRequested && position.epoch() <= epochs;
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
   * Ends the running {@link #fit} after the current batch, or the next one before its first. May be
   * called from any thread.
   */
  public void stop() {
    stopRequested = true;
  }

  /** Whether {@link #stop} ended the last {@link #fit}. */
  public boolean stopped() {
    return stopped;
  }

  private void runEpoch(Dataset train, Dataset validation) throws IOException {
    int[] order = identity(train.size());
    Permutations.shuffle(settings.seed, SHUFFLE_STREAM + position.epoch(), order);
    double secondsBefore = position.seconds;
    long start = System.nanoTime();
    while (position.samplesDone < train.size()) {
      int count = Math.min(settings.batch, train.size() - position.samplesDone);
      double loss = step(train, order, position.samplesDone, count);
      position.samplesDone += count;
      position.lossSum += loss * count;
      for (Callback callback : settings.callbacks) {
        callback.onBatch(
            position.epoch(),
            position.samplesDone,
            train.size(),
            position.lossSum / position.samplesDone);
      }
      if (stopRequested && position.samplesDone < train.size()) {
        position.seconds = secondsBefore + (System.nanoTime() - start) / 1e9;
        return;
      }
    }
    double seconds = secondsBefore + (System.nanoTime() - start) / 1e9;
    EpochResult result =
        new EpochResult(
            position.epoch(),
            position.lossSum / train.size(),
            validation == null ? null : evaluate(validation),
            train.size() / seconds,
            seconds);
    position.finish(result);
    for (Callback callback : settings.callbacks) {
      callback.onEpoch(this, result);
    }
  }

  /** Makes one step on samples {@code order[from]} and following; returns their mean loss. */
  double step(Dataset train, int[] order, int from, int count) {
    BatchPlan plan = plan(BatchPlan.Purpose.TRAIN, count);
    plan.load(train, order, from, count);
    plan.run();
    float loss = plan.loss();
    if (!Float.isFinite(loss)) {
      throw new DivergedException(loss, position.epoch(), position.steps + 1);
    }
    position.steps++;
    optimizerState.update(position.steps, settings.schedule.factor(position.steps));
    return loss;
  }

  /**
   * Loss and accuracy on a data set.
   *
   * @throws ShapeException if the data does not have the model's types
   * @throws IllegalArgumentException if it is empty
   */
  public Evaluation evaluate(Dataset data) {
    checkTypes("evaluation", data);
    boolean labelled = settings.loss == Loss.CROSS_ENTROPY;
    int[] order = identity(data.size());
    double lossSum = 0;
    int correct = 0;
    try (Arena arena = Arena.ofShared()) {
      long width = outputType.shape().size();
      MemorySegment outputs =
          arena.allocate(JAVA_FLOAT, Math.min(settings.batch, data.size()) * width);
      for (int from = 0; from < data.size(); from += settings.batch) {
        int count = Math.min(settings.batch, data.size() - from);
        BatchPlan plan = plan(BatchPlan.Purpose.EVALUATE, count);
        plan.load(data, order, from, count);
        plan.run();
        lossSum += (double) plan.loss() * count;
        if (labelled) {
          plan.readOutput(outputs, 0);
          for (int i = 0; i < count; i++) {
            if (isLargest(outputs, i * width, width, data.label(from + i))) {
              correct++;
            }
          }
        }
      }
    }
    return new Evaluation(
        lossSum / data.size(), labelled ? (double) correct / data.size() : Double.NaN);
  }

  /** Whether a value is the first of the largest ones; with a NaN among them there is none. */
  private static boolean isLargest(MemorySegment values, long from, long count, long index) {
    float largest = values.getAtIndex(JAVA_FLOAT, from + index);
    for (long i = 0; i < count; i++) {
      float value = values.getAtIndex(JAVA_FLOAT, from + i);
      if (!(i < index ? value < largest : value <= largest)) {
        return false;
      }
    }
    return true;
  }

  /**
   * Applies the model.
   *
   * @param inputs f32 inputs one after the other
   * @return the outputs one after the other, a classifier's as logits
   * @throws IllegalArgumentException if the number of elements is not a multiple of an input's
   */
  public float[] predict(float[] inputs) {
    long inputSize = settings.inputShape.size();
    if (inputSize == 0 || inputs.length % inputSize != 0) {
      throw new IllegalArgumentException(
          "inputs have %d elements, not a multiple of %s"
              .formatted(inputs.length, settings.inputShape));
    }
    int samples = (int) (inputs.length / inputSize);
    long outputBytes = outputType.byteSize();
    try (Arena arena = Arena.ofShared()) {
      MemorySegment in = arena.allocateFrom(JAVA_FLOAT, inputs);
      MemorySegment out = arena.allocate(samples * outputBytes, Float.BYTES);
      for (int from = 0; from < samples; from += settings.batch) {
        int count = Math.min(settings.batch, samples - from);
        BatchPlan plan = plan(BatchPlan.Purpose.PREDICT, count);
        plan.loadInputs(in, from * inputSize * Float.BYTES);
        plan.run();
        plan.readOutput(out, from * outputBytes);
      }
      return out.toArray(JAVA_FLOAT);
    }
  }

  private BatchPlan plan(BatchPlan.Purpose purpose, int batch) {
    for (int i = 0; i < plans.size(); i++) {
      if (plans.get(i).serves(purpose, batch)) {
        return plans.get(i);
      }
    }
    BatchPlan plan =
        BatchPlan.bind(
            backend,
            settings.trace(parameters, batch),
            purpose,
            weights,
            purpose == BatchPlan.Purpose.TRAIN ? optimizerState().gradients() : null);
    plans.add(plan);
    return plan;
  }

  private OptimizerState optimizerState() {
    if (optimizerState == null) {
      optimizerState = new OptimizerState(backend, layout, weights, settings.optimizer);
    }
    return optimizerState;
  }

  private void checkTypes(String purpose, Dataset data) {
    TensorType input = new TensorType(DType.F32, settings.inputShape);
    TensorType target =
        settings.loss == Loss.CROSS_ENTROPY
            ? TensorType.i32()
            : new TensorType(DType.F32, withoutBatch(outputType.shape()));
    if (data.size() == 0) {
      throw new IllegalArgumentException("the " + purpose + " data is empty");
    }
    if (!data.inputType().equals(input) || !data.targetType().equals(target)) {
      throw new ShapeException(
          "the %s data has inputs %s and targets %s but the model takes %s and %s"
              .formatted(purpose, data.inputType(), data.targetType(), input, target));
    }
  }

  private static Shape withoutBatch(Shape shape) {
    long[] dimensions = new long[shape.rank() - 1];
    Arrays.setAll(dimensions, axis -> shape.dimension(axis + 1));
    return Shape.of(dimensions);
  }

  private static int[] identity(int size) {
    int[] order = new int[size];
    Arrays.setAll(order, i -> i);
    return order;
  }

  /**
   * Saves the parameters as a safetensors file, whole or not at all.
   *
   * @throws IOException if writing fails
   */
  public void save(Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      new SafeTensors(Map.of(), weights.read("", arena)).write(file);
    }
  }

  /**
   * Loads parameters that {@link #save} or {@link #saveCheckpoint} wrote.
   *
   * @throws MalformedFileException if the file is damaged, or its tensors are not exactly those of
   *     the model by name, type and shape; then nothing was loaded
   * @throws IOException if it cannot be read
   */
  public void load(Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      SafeTensors stored = SafeTensors.read(file, arena);
      requireMatch(file, stored.tensors().keySet(), weights.mismatches("", stored.tensors()));
      weights.write("", stored.tensors());
    }
  }

  private void requireMatch(Path file, Set<String> names, List<String> faults)
      throws MalformedFileException {
    List<String> all = new ArrayList<>(faults);
    for (String name : names) {
      if (!weights.contains(name) && !name.startsWith("optimizer.")) {
        all.add("tensor '" + name + "' is not in the model");
      }
    }
    if (!all.isEmpty()) {
      String rest = all.size() == 1 ? "" : " (and %d more)".formatted(all.size() - 1);
      throw new MalformedFileException(file, all.getFirst() + rest);
    }
  }

  /**
   * Saves all that a training needs to continue to the same bits, whole or not at all.
   *
   * @throws IOException if writing fails
   */
  public void saveCheckpoint(Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      SequencedMap<String, SafeTensors.Tensor> tensors = new LinkedHashMap<>();
      tensors.putAll(weights.read("", arena));
      List<ParameterStore> moments = optimizerState().moments();
      for (int i = 0; i < moments.size(); i++) {
        tensors.putAll(moments.get(i).read(Checkpoint.momentPrefix(i), arena));
      }
      Checkpoint checkpoint = new Checkpoint(settings.mustMatchOnResume(), position);
      new SafeTensors(checkpoint.toMetadata(), tensors).write(file);
    }
  }

  /**
   * Continues where a checkpoint was saved. {@link #fit} must then be given the same data.
   *
   * @throws MalformedFileException if the file is damaged, no checkpoint, of another model, or its
   *     numbers contradict each other; then nothing was loaded
   * @throws OtherSettingException if it was written with another batch size, seed, optimizer or
   *     schedule
   * @throws IOException if it cannot be read
   */
  public void resume(Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      SafeTensors stored = SafeTensors.read(file, arena);
      Position saved = Checkpoint.position(file, stored.metadata(), settings.mustMatchOnResume());
      List<String> faults = new ArrayList<>(weights.mismatches("", stored.tensors()));
      List<ParameterStore> moments = optimizerState().moments();
      for (int i = 0; i < moments.size(); i++) {
        faults.addAll(moments.get(i).mismatches(Checkpoint.momentPrefix(i), stored.tensors()));
      }
      requireMatch(file, stored.tensors().keySet(), faults);
      weights.write("", stored.tensors());
      for (int i = 0; i < moments.size(); i++) {
        moments.get(i).write(Checkpoint.momentPrefix(i), stored.tensors());
      }
      position = saved;
    }
  }

  /** Frees the device's memory. Any use afterwards throws {@link IllegalStateException}. */
  @Override
  public void close() {
    backend.close();
  }
}
