package org.lanewise.nn.examples;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.linear;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.layers.Gru;
import org.lanewise.nn.layers.Layers;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.layers.Lstm;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.Callback;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;
import org.lanewise.nn.train.TrainerBuilder;
import org.lanewise.nn.weights.Weights;

/** LSTM and GRU over sequences of many lengths. */
class SequenceTest {
  private static final int BATCH = 3;
  private static final int INPUTS = 5;
  private static final int HIDDEN = 7;

  record Readers(Lstm lstm, Gru gru) {
    Readers() {
      this(
          Layers.lstm(INPUTS, HIDDEN).layers(2).bidirectional(true),
          Layers.gru(INPUTS, HIDDEN).layers(2).bidirectional(true));
    }

    Tensors read(Tensors in) {
      Lstm.Result one = lstm.run(in.get("x"), in.get("lengths"));
      Gru.Result other = gru.run(in.get("x"), in.get("lengths"));
      return Tensors.of("lstm", one.output())
          .and("lstm h", one.hidden())
          .and("lstm c", one.cell())
          .and("gru", other.output())
          .and("gru h", other.hidden());
    }
  }

  private final Readers readers = new Readers();
  private final Weights weights = Weights.of(readers).initialize(3);
  private final Function<Tensors, Tensors> function = readers::read;

  @Test
  void parametersHaveTheNamesOfPyTorch() {
    assertThat(
            Weights.of(
                new Readers(Layers.lstm(3, 2).bidirectional(true), Layers.gru(3, 2).layers(2))))
        .extracting(all -> all.components().parameters().toString())
        .asString()
        .isEqualTo(
            "{lstm.weight_ih_l0=parameter [8, 3], lstm.weight_hh_l0=parameter [8, 2],"
                + " lstm.bias_ih_l0=parameter [8], lstm.bias_hh_l0=parameter [8],"
                + " lstm.weight_ih_l0_reverse=parameter [8, 3],"
                + " lstm.weight_hh_l0_reverse=parameter [8, 2],"
                + " lstm.bias_ih_l0_reverse=parameter [8],"
                + " lstm.bias_hh_l0_reverse=parameter [8],"
                + " gru.weight_ih_l0=parameter [6, 3], gru.weight_hh_l0=parameter [6, 2],"
                + " gru.bias_ih_l0=parameter [6], gru.bias_hh_l0=parameter [6],"
                + " gru.weight_ih_l1=parameter [6, 2], gru.weight_hh_l1=parameter [6, 2],"
                + " gru.bias_ih_l1=parameter [6], gru.bias_hh_l1=parameter [6]}");
  }

  private static Map<String, HostTensor> input(int time) {
    float[] elements = new float[BATCH * time * INPUTS];
    for (int i = 0; i < elements.length; i++) {
      elements[i] = (i * 37 % 101) / 25f - 2;
    }
    return Map.of(
        "x", HostTensor.of(elements, BATCH, time, INPUTS),
        "lengths", HostTensor.of(lengths(time), BATCH));
  }

  private static int[] lengths(int time) {
    return new int[] {time, time / 2, (time + 2) / 3};
  }

  @Test
  void aHundredLengthsTakeTheMemoryOfTheLongestAndFollowPyTorch() {
    long ofLongest;
    try (Session session = Session.open("cpu", weights)) {
      session.runAll(function, input(100));
      ofLongest = session.workspaceBytes();
    }
    try (Session session = Session.open("cpu", weights)) {
      for (int time = 1; time <= 100; time++) {
        Map<String, HostTensor> results = session.runAll(function, input(time));
        if (time % 9 == 1) {
          compare(4, "lstm", time, results);
          compare(3, "gru", time, results);
        }
      }
      assertThat(session.plans()).isEqualTo(100);
      assertThat(session.workspaceBytes()).isLessThanOrEqualTo(ofLongest * 11 / 10);
    }
  }

  private void compare(int gates, String name, int time, Map<String, HostTensor> results) {
    Reference exact = new Reference(gates, name, time);
    float[] x = input(time).get("x").toFloats();
    exact.run(Arrays.copyOf(doubles(x), x.length));
    assertClose(name, results.get(name), exact.output);
    assertClose(name + " h", results.get(name + " h"), exact.h);
    if (gates == 4) {
      assertClose(name + " c", results.get(name + " c"), exact.c);
    }
  }

  private static void assertClose(String name, HostTensor actual, double[] exact) {
    float[] elements = actual.toFloats();
    assertThat(elements).as(name).hasSameSizeAs(exact);
    for (int i = 0; i < exact.length; i++) {
      assertThat((double) elements[i]).as("%s[%d]", name, i).isCloseTo(exact[i], within(1e-6));
    }
  }

  private static double[] doubles(float[] floats) {
    double[] doubles = new double[floats.length];
    Arrays.setAll(doubles, i -> floats[i]);
    return doubles;
  }

  /** Two layers in both directions in f64, as PyTorch documents nn.LSTM and nn.GRU. */
  private final class Reference {
    private final int gates;
    private final String name;
    private final int time;
    private final double[] h = new double[4 * BATCH * HIDDEN];
    private final double[] c = new double[4 * BATCH * HIDDEN];
    private double[] output;

    Reference(int gates, String name, int time) {
      this.gates = gates;
      this.name = name;
      this.time = time;
    }

    void run(double[] x) {
      output = x;
      for (int layer = 0; layer < 2; layer++) {
        double[] read = output;
        output = new double[BATCH * time * 2 * HIDDEN];
        for (int direction = 0; direction < 2; direction++) {
          String suffix = "_l" + layer + (direction == 1 ? "_reverse" : "");
          for (int row = 0; row < BATCH; row++) {
            run(read, row, direction, suffix, (2 * layer + direction) * BATCH + row);
          }
        }
      }
    }

    private void run(double[] x, int row, int direction, String suffix, int state) {
      int length = lengths(time)[row];
      for (int step = 0; step < length; step++) {
        int at = row * time + (direction == 0 ? step : length - 1 - step);
        int width = x.length / (BATCH * time);
        double[] a = linear(Arrays.copyOfRange(x, at * width, (at + 1) * width), "ih", suffix);
        double[] before = Arrays.copyOfRange(h, state * HIDDEN, (state + 1) * HIDDEN);
        double[] p = linear(before, "hh", suffix);
        for (int j = 0; j < HIDDEN; j++) {
          int i = state * HIDDEN + j;
          h[i] = gates == 4 ? lstm(a, p, i, j) : gru(a, p, h[i], j);
          output[(2 * at + direction) * HIDDEN + j] = h[i];
        }
      }
    }

    private double lstm(double[] a, double[] p, int state, int j) {
      double i = sigmoid(a[j] + p[j]);
      double f = sigmoid(a[HIDDEN + j] + p[HIDDEN + j]);
      double g = Math.tanh(a[2 * HIDDEN + j] + p[2 * HIDDEN + j]);
      double o = sigmoid(a[3 * HIDDEN + j] + p[3 * HIDDEN + j]);
      c[state] = f * c[state] + i * g;
      return o * Math.tanh(c[state]);
    }

    private static double gru(double[] a, double[] p, double before, int j) {
      double r = sigmoid(a[j] + p[j]);
      double z = sigmoid(a[HIDDEN + j] + p[HIDDEN + j]);
      double n = Math.tanh(a[2 * HIDDEN + j] + r * p[2 * HIDDEN + j]);
      return (1 - z) * n + z * before;
    }

    private double[] linear(double[] x, String kind, String suffix) {
      float[] weight = weights.toArray(name + ".weight_" + kind + suffix);
      float[] bias = weights.toArray(name + ".bias_" + kind + suffix);
      double[] y = doubles(bias);
      for (int j = 0; j < y.length; j++) {
        for (int k = 0; k < x.length; k++) {
          y[j] += weight[j * x.length + k] * x[k];
        }
      }
      return y;
    }

    private static double sigmoid(double x) {
      return 1 / (1 + Math.exp(-x));
    }
  }

  /** A text in pieces: the states after one are those before the next. */
  @Test
  void piecesGiveTheBitsOfTheWhole() {
    Lstm whole = Layers.lstm(INPUTS, HIDDEN);
    record Model(Lstm lstm) {}
    Function<Tensors, Tensors> atOnce = in -> results(whole.run(in.get("x")));
    Function<Tensors, Tensors> onward =
        in -> results(whole.run(in.get("x"), null, in.get("h"), in.get("c")));
    try (Session session = Session.open("cpu", Weights.of(new Model(whole)).initialize(5))) {
      float[] x = input(8).get("x").toFloats();
      HostTensor row = HostTensor.of(Arrays.copyOf(x, 8 * INPUTS), 1, 8, INPUTS);
      float[] expected = session.runAll(atOnce, Map.of("x", row)).get("y").toFloats();
      HostTensor h = HostTensor.of(new float[HIDDEN], 1, 1, HIDDEN);
      HostTensor c = h;
      for (int t = 0; t < 8; t++) {
        float[] step = Arrays.copyOfRange(x, t * INPUTS, (t + 1) * INPUTS);
        HostTensor next = HostTensor.of(step, 1, 1, INPUTS);
        var results = session.runAll(onward, Map.of("x", next, "h", h, "c", c));
        h = results.get("h");
        c = results.get("c");
        assertThat(results.get("y").toFloats())
            .isEqualTo(Arrays.copyOfRange(expected, t * HIDDEN, (t + 1) * HIDDEN));
      }
    }
  }

  private static Tensors results(Lstm.Result result) {
    return Tensors.of("y", result.output()).and("h", result.hidden()).and("c", result.cell());
  }

  // ---- Training: the sum of those two of many numbers that are marked -------------------------

  private static final int TIME = 10;

  record Adder(Lstm lstm, Gru gru, Linear head) {
    Adder() {
      this(Layers.lstm(2, 16), Layers.gru(16, 16), linear(16, 1));
    }

    Tensor loss(Tensors in) {
      Tensor read = lstm.run(in.get("x"), in.get("length")).output().dropout(0.05f);
      Tensor last = gru.run(read, in.get("length")).hidden().reshape(-1, 16);
      return head.forward(last).meanSquaredError(in.get("sum"));
    }
  }

  private static Batches sums(int count, int seed) {
    SplittableRandom random = new SplittableRandom(seed);
    float[] x = new float[count * TIME * 2];
    int[] lengths = new int[count];
    float[] sums = new float[count];
    for (int i = 0; i < count; i++) {
      lengths[i] = TIME / 2 + random.nextInt(TIME / 2 + 1);
      int first = random.nextInt(lengths[i]);
      int second = (first + 1 + random.nextInt(lengths[i] - 1)) % lengths[i];
      for (int t = 0; t < lengths[i]; t++) {
        int at = (i * TIME + t) * 2;
        x[at] = random.nextFloat();
        x[at + 1] = t == first || t == second ? 1f : 0f;
        sums[i] += x[at] * x[at + 1];
      }
    }
    return Batches.of(
            MemoryDataset.of("x", HostTensor.of(x, count, TIME, 2))
                .and("length", HostTensor.of(lengths, count))
                .and("sum", HostTensor.of(sums, count, 1)))
        .size(32)
        .shuffle();
  }

  private static TrainerBuilder settings(Adder model) {
    return Trainer.of(Weights.of(model), model::loss).seed(1).optimizer(Optimizer.adam(0.01));
  }

  @Test
  void learnsToAdd() {
    try (Trainer trainer = settings(new Adder()).build()) {
      double before = trainer.evaluate(sums(256, 9)).loss();
      trainer.fit(sums(512, 8), 30);
      assertThat(before).isGreaterThan(0.1);
      assertThat(trainer.evaluate(sums(256, 9)).loss()).isLessThan(0.01);
    }
  }

  @TempDir Path folder;

  @Test
  void resumesToTheSameBits() throws IOException {
    Path checkpoint = folder.resolve("checkpoint");
    Batches data = sums(128, 8);
    Callback stopping =
        new Callback() {
          @Override
          public void onStep(Trainer trainer) {
            if (trainer.steps() == 5) {
              trainer.stop();
            }
          }
        };
    try (Trainer whole = settings(new Adder()).build();
        Trainer first =
            settings(new Adder()).callbacks(stopping, Callback.checkpoint(checkpoint)).build();
        Trainer second = settings(new Adder()).build()) {
      whole.fit(data, 3);
      first.fit(data, 3);
      second.resume(checkpoint, data);
      second.fit(data, 3);
      assertThat(second.weights().parametersToArrays())
          .usingRecursiveComparison()
          .isEqualTo(whole.weights().parametersToArrays());
    }
  }
}
