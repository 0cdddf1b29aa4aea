package org.lanewise.nn.train;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.data.Batch;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.plan.Plan;
import org.lanewise.nn.session.Session;

/** Makes the steps of a training: the gradients of one batch or of several, then an update. */
final class Stepper {
  private final Session session;
  private final LossGraph graphs;
  private final TrainerBuilder settings;
  private OptimizerState state;
  private int batches;

  /** The plans for batches like the last one, the second of which adds gradients. */
  private final StepPlan[] plans = new StepPlan[2];

  private Signature planned;

  Stepper(Session session, LossGraph graphs, TrainerBuilder settings) {
    this.session = session;
    this.graphs = graphs;
    this.settings = settings;
  }

  /** What the optimizer keeps; null before the first step. */
  OptimizerState state() {
    return state;
  }

  /** Goes on with what an optimizer has kept, or from the beginning if it is null. */
  void restore(OptimizerState kept) {
    state = kept;
    batches = 0;
  }

  /** Batches since the last update. */
  int batches() {
    return batches;
  }

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
    return plan.scalar(LossGraph.LOSS);
  }

  /**
   * Updates the weights by the mean of the batches' gradients.
   *
   * @param step number of the step, from 1
   */
  void update(long step) {
    state.update(step, settings.schedule.factor(step), 1d / batches);
    session.deviceWeights().changed();
    batches = 0;
  }

  private StepPlan plan(Signature signature, boolean adds) {
    if (planned != signature && !signature.equals(planned)) {
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
    Plan plan = session.plan(key, () -> graph(signature, adds), this::gradients);
    return new StepPlan(plan, settings.seed);
  }

  private Graph graph(Signature signature, boolean adds) {
    Graph forward = graphs.forward(Mode.TRAIN, signature);
    Graph overwriting = graphs.withGradients(forward);
    List<String> trained = graphs.trained(overwriting);
    if (state == null) {
      state = new OptimizerState(session, settings.optimizer, trained);
    } else if (!state.trained().equals(trained)) {
      throw new IllegalArgumentException(
          "this loss trains other parameters than the steps before it: %s instead of %s"
              .formatted(trained, state.trained()));
    }
    return adds ? graphs.addingGradients(forward, trained) : overwriting;
  }

  private Map<String, Operand> gradients() {
    Map<String, Operand> gradients = new LinkedHashMap<>();
    for (String name : state.trained()) {
      gradients.put(LossGraph.gradient(name), state.gradient(name));
    }
    return gradients;
  }
}
