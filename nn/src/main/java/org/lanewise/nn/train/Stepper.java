package org.lanewise.nn.train;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.data.Batch;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.plan.Plan;
import org.lanewise.nn.session.Session;

/** Makes the steps of a training: the gradients of one batch or of several, then an update. */
final class Stepper {
  private final Session session;
  private final LossGraph graphs;
  private final TrainerBuilder settings;

  private long flops;
  private double learningRate = Double.NaN;

  /** Names of the parameters that have a gradient, in the order of the model. */
  private List<String> trained = List.of();

  /** What their rules keep; null before it is known which they are, as is the update. */
  private OptimizerState state;

  private ParameterUpdate update;
  private long updateFlops;
  private int batches;

  /** The plans for batches like the last one, the second of which adds gradients. */
  private final StepPlan[] plans = new StepPlan[2];

  private Signature planned;

  Stepper(Session session, LossGraph graphs, TrainerBuilder settings) {
    this.session = session;
    this.graphs = graphs;
    this.settings = settings;
  }

  /** Batches since the last update. */
  int batches() {
    return batches;
  }

  /** The learning rate of the first group in the last update; NaN before it. */
  double learningRate() {
    return learningRate;
  }

  /** Floating-point operations since the last call. */
  long takeFlops() {
    long taken = flops;
    flops = 0;
    return taken;
  }

  /** Copies of the gradients that the last step followed by parameter name; none before it. */
  SequencedMap<String, HostTensor> gradients() {
    SequencedMap<String, HostTensor> copies = new LinkedHashMap<>();
    if (state != null) {
      float scale = update.scale();
      trained.forEach(name -> copies.put(name, state.readGradient(name, scale)));
    }
    return copies;
  }

  // ---- Steps ----------------------------------------------------------------------------------

  /**
   * Computes the gradients of a batch, and adds them to those since the last update.
   *
   * @param steps updates so far
   * @return the loss
   */
  float propagate(Batch batch, long steps) {
    session.deviceWeights().refresh();
    StepPlan plan = plan(batch.signature(), batches > 0);
    plan.run(batch, steps * settings.accumulate + batches);
    batches++;
    flops += plan.flops();
    return plan.scalar(LossGraph.LOSS);
  }

  /**
   * Updates the weights by the mean of the batches' gradients.
   *
   * @param step number of the step, from 1
   * @param history the epochs before the running one
   */
  void update(long step, History history) {
    double factor = settings.schedule.factor(step, history);
    update.run(step, factor, 1d / batches);
    learningRate = factor * state.groups().getFirst().rule().learningRate();
    flops += updateFlops;
    session.deviceWeights().changed();
    batches = 0;
  }

  private StepPlan plan(Signature signature, boolean adds) {
    if (!signature.equals(planned)) {
      planned = signature;
      plans[0] = null;
      plans[1] = null;
    }
    int index = adds ? 1 : 0;
    if (plans[index] == null || plans[index].isClosed()) {
      plans[index] = bind(signature, adds);
    }
    return plans[index];
  }

  private StepPlan bind(Signature signature, boolean adds) {
    LossGraph.Key key = new LossGraph.Key(Mode.TRAIN, signature, adds);
    Plan plan = session.plan(key, () -> graph(signature, adds), this::gradientPlaces);
    return new StepPlan(plan, settings.seed);
  }

  private Graph graph(Signature signature, boolean adds) {
    Graph forward = graphs.forward(Mode.TRAIN, signature);
    Graph overwriting = graphs.withGradients(forward);
    train(graphs.trained(overwriting));
    return adds ? graphs.addingGradients(forward, trained) : overwriting;
  }

  private Map<String, Operand> gradientPlaces() {
    Map<String, Operand> gradients = new LinkedHashMap<>();
    for (String name : trained) {
      gradients.put(LossGraph.gradient(name), state.gradient(name));
    }
    return gradients;
  }

  /** Gets memory for what is trained, when that is known first. */
  private void train(List<String> names) {
    if (state == null) {
      Set<String> set = Set.copyOf(names);
      List<ParameterGroup> groups =
          ParameterGroup.of(settings.optimizer, session.weights(), set::contains);
      state = new OptimizerState(session.backend(), groups);
      updateFlops = Summary.updateCost(settings.clip, groups).flops();
      update = new ParameterUpdate(session, state, settings.clip);
      trained = names;
    } else if (!trained.equals(names)) {
      throw new IllegalArgumentException(
          "this loss trains other parameters than the steps before it: %s instead of %s"
              .formatted(names, trained));
    }
  }

  // ---- Files ----------------------------------------------------------------------------------

  /** Copies of what is kept of each parameter, by name. */
  SequencedMap<String, HostTensor> tensors() {
    return state == null ? new LinkedHashMap<>() : state.tensors();
  }

  /**
   * Checks that a file has what the optimizer keeps.
   *
   * @param tensors of the file
   * @param steps that it was saved after
   * @param batch of the data that training will go on with
   * @throws MalformedFileException if some are missing, have other types, or are of no parameter
   * @throws ShapeException if the data does not have the model's types
   */
  void requireStored(Path file, Map<String, StoredTensor> tensors, long steps, Signature batch)
      throws MalformedFileException {
    if (state == null) {
      train(graphs.trained(graphs.withGradients(graphs.forward(Mode.TRAIN, batch))));
    }
    if (steps > 0 || tensors.keySet().stream().anyMatch(OptimizerState::isStored)) {
      state.requireStored(file, tensors);
    }
  }

  /** Goes on with what an optimizer has kept, which is nothing before the first step. */
  void restore(Map<String, StoredTensor> tensors) {
    state.load(tensors);
    batches = 0;
  }
}
