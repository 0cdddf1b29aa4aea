package org.lanewise.nn.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.layers.Layers.batchNorm;
import static org.lanewise.nn.layers.Layers.linear;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.DType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.layers.BatchNorm;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.train.Optimizer;
import org.lanewise.nn.train.Trainer;

/** Weights that are read where a file has them. */
class MappedWeightsTest {
  record Model(Linear first, Linear second) {
    Model() {
      this(linear(7, 5), linear(5, 3));
    }

    Tensor forward(Tensors in) {
      return second.forward(first.forward(in.get("x")).relu());
    }
  }

  @TempDir private Path folder;

  private final Model model = new Model();
  private final Function<Tensors, Tensor> function = model::forward;
  private final Weights own = Weights.of(model).initialize(1);
  private final Map<String, HostTensor> inputs =
      Map.of("x", HostTensor.of(new float[] {1, 2, 3, 4, 5, 6, 7}, 1, 7));
  private Path file;

  @BeforeEach
  void save() throws IOException {
    file = folder.resolve("weights.safetensors");
    own.save(file);
  }

  private Weights mapped() throws IOException {
    return map(Weights.of(model), file);
  }

  private static Weights map(Weights weights, Path file) throws IOException {
    SafeTensors.Mapping mapping = SafeTensors.mapping(file, Arena.ofAuto());
    return weights.map(file, mapping.bytes(), mapping.content().tensors(), _ -> false);
  }

  private float[] run(String device, Weights weights) {
    try (Session session = Session.open(device, weights)) {
      return session.run(function, inputs).toFloats();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"cpu", "scalar"})
  void computeTheSame(String device) throws IOException {
    Weights weights = mapped();
    assertThat(weights.isMapped()).isTrue();
    assertThat(weights.hasElements()).isTrue();
    assertThat(weights.byteSize()).isEqualTo(own.byteSize());
    assertThat(weights.toArray("second.bias")).isEqualTo(own.toArray("second.bias"));
    assertThat(run(device, weights)).containsExactly(run(device, own));
  }

  @Test
  void areSavedAgain() throws IOException {
    Path again = folder.resolve("again.safetensors");
    mapped().save(again);
    assertThat(again).hasSameBinaryContentAs(file);
  }

  @Test
  void becomeACopyBeforeTheyAreTrained() throws IOException {
    byte[] before = Files.readAllBytes(file);
    float[] trained = train(own);
    Weights weights = mapped();
    assertThat(train(weights)).containsExactly(trained);
    assertThat(weights.isMapped()).isFalse();
    assertThat(Files.readAllBytes(file)).isEqualTo(before);
  }

  private float[] train(Weights weights) {
    Trainer trainer =
        Trainer.of(weights, in -> model.forward(in).square().mean())
            .optimizer(Optimizer.sgd(0.01))
            .build();
    try (trainer) {
      trainer.fit(Batches.of(MemoryDataset.of("x", inputs.get("x"))).size(1), 1);
    }
    return weights.toArray("first.weight");
  }

  @Test
  void mayStartAnew() throws IOException {
    assertThat(mapped().initialize(1).parametersToArrays())
        .usingRecursiveComparison()
        .isEqualTo(own.parametersToArrays());
    Weights loaded = mapped().load(file);
    assertThat(loaded.isMapped()).isFalse();
    assertThat(run("cpu", loaded)).containsExactly(run("cpu", own));
  }

  @Test
  void stayWhileASessionHasThemOpen() throws IOException {
    Weights weights = mapped();
    try (Session session = Session.open("cpu", weights)) {
      assertThatThrownBy(() -> weights.initialize(2))
          .isInstanceOf(IllegalStateException.class)
          .hasMessageContaining("while a session has them open");
      assertThatThrownBy(() -> train(weights)).hasMessageContaining("while a session");
      assertThatThrownBy(() -> map(weights, file)).hasMessageContaining("while a session");
      assertThat(session.run(function, inputs).toFloats()).containsExactly(run("cpu", own));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"F16", "BF16"})
  void areConvertedFromOtherTypes(DType dtype) throws IOException {
    own.save(file, dtype);
    Weights weights = mapped();
    assertThat(weights.isMapped()).isFalse();
    assertThat(weights.toArray("first.bias"))
        .containsExactly(Weights.of(model).load(file).toArray("first.bias"));
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 2, 3, 4})
  void areCopiedWhereTheyAreNotAligned(int spaces) throws IOException {
    shift(spaces);
    Weights weights = mapped();
    assertThat(weights.isMapped()).isEqualTo(spaces % 4 == 0);
    assertThat(run("cpu", weights)).containsExactly(run("cpu", own));
  }

  /** Makes the header longer, and the tensors begin later. */
  private void shift(int spaces) throws IOException {
    ByteBuffer old = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    int length = (int) old.getLong();
    byte[] header = new byte[length];
    old.get(header);
    String json = new String(header, StandardCharsets.UTF_8).strip();
    byte[] longer =
        (json + " ".repeat(64 - json.length() % 4 + spaces)).getBytes(StandardCharsets.UTF_8);
    ByteBuffer shifted =
        ByteBuffer.allocate(8 + longer.length + old.remaining()).order(ByteOrder.LITTLE_ENDIAN);
    Files.write(file, shifted.putLong(longer.length).put(longer).put(old).array());
  }

  @Test
  void haveOthersBesideThem() throws IOException {
    SequencedMap<String, HostTensor> tensors = new LinkedHashMap<>();
    tensors.put("head", HostTensor.of(new float[] {1, 2}, 2));
    tensors.putAll(own.tensors());
    SafeTensors.of(Map.of(), tensors).write(file);
    SafeTensors.Mapping mapping = SafeTensors.mapping(file, Arena.ofAuto());
    Map<String, StoredTensor> stored = mapping.content().tensors();
    Weights weights = Weights.of(model).map(file, mapping.bytes(), stored, "head"::equals);
    assertThat(weights.isMapped()).isTrue();
    assertThat(weights.byteSize()).isEqualTo(own.byteSize());
    assertThat(run("cpu", weights)).containsExactly(run("cpu", own));
  }

  @Test
  void areCopiedWhereAModelHasStates() throws IOException {
    record Normed(BatchNorm norm) {}
    Normed normed = new Normed(batchNorm(3));
    Weights.of(normed).initialize(1).save(file);
    assertThat(map(Weights.of(normed), file).isMapped()).isFalse();
  }
}
