package org.lanewise.nn.train;

import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.data.Batch;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Epoch;
import org.lanewise.nn.metrics.Metric;
import org.lanewise.nn.session.Session;

/**
 * Computes loss and metrics on a data set.
 *
 * @param seed of the training
 */
record Evaluator(Session session, LossGraph graphs, List<Metric> metrics, long seed) {
  /**
   * Loss and metrics.
   *
   * @param more measurements that look at the batches, too
   */
  Evaluation evaluate(Batches data, List<Metric.Measurement> more) {
    List<Metric.Measurement> measurements =
        Stream.concat(metrics.stream().map(Metric::start), more.stream()).toList();
    double lossSum = 0;
    try (Epoch epoch = data.epoch(seed, 1, 0)) {
      for (Batch batch = epoch.next(); batch != null; batch = epoch.next()) {
        Batch current = batch;
        Map<String, HostTensor> read = new HashMap<>(); // once, for all measurements
        StepPlan plan = plan(batch.signature());
        plan.run(batch, 0);
        lossSum += (double) plan.scalar(LossGraph.LOSS) * batch.size();
        Function<String, HostTensor> tensors =
            name -> read.computeIfAbsent(name, _ -> plan.tensor(name, current));
        measurements.forEach(measurement -> measurement.add(tensors, current.size()));
      }
    }
    SequencedMap<String, Double> values = new LinkedHashMap<>();
    for (int i = 0; i < metrics.size(); i++) {
      values.put(metrics.get(i).name(), measurements.get(i).value());
    }
    return new Evaluation(lossSum / data.samples(), values);
  }

  private StepPlan plan(Signature signature) {
    return new StepPlan(
        session.plan(
            new LossGraph.Key(Mode.EVALUATE, signature, false),
            () -> graphs.forward(Mode.EVALUATE, signature),
            Map::of),
        seed);
  }
}
