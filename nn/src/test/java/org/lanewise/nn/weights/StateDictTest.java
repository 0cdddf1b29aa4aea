package org.lanewise.nn.weights;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.lanewise.nn.layers.Layers.batchNorm;
import static org.lanewise.nn.layers.Layers.conv1d;
import static org.lanewise.nn.layers.Layers.conv2d;
import static org.lanewise.nn.layers.Layers.convTranspose2d;
import static org.lanewise.nn.layers.Layers.dropout;
import static org.lanewise.nn.layers.Layers.embedding;
import static org.lanewise.nn.layers.Layers.flatten;
import static org.lanewise.nn.layers.Layers.groupNorm;
import static org.lanewise.nn.layers.Layers.layerNorm;
import static org.lanewise.nn.layers.Layers.linear;
import static org.lanewise.nn.layers.Layers.rmsNorm;
import static org.lanewise.nn.layers.Layers.sequential;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Name;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.layers.Embedding;
import org.lanewise.nn.layers.GroupNorm;
import org.lanewise.nn.layers.LayerNorm;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.layers.RmsNorm;
import org.lanewise.nn.layers.Sequential;

/** Files with the names and shapes of PyTorch's state dicts, loaded strictly. */
class StateDictTest {
  record Model(
      Sequential features,
      Sequential decoder,
      @Name("token_embedding") Embedding tokens,
      LayerNorm norm,
      RmsNorm rms,
      GroupNorm group,
      Linear classifier) {
    Model() {
      this(
          sequential(
              conv2d(3, 8, 3).padding(1).withoutBias(),
              batchNorm(8),
              Tensor::relu,
              conv2d(8, 16, 3).stride(2).groups(4)),
          sequential(
              convTranspose2d(16, 6, 4).groups(2),
              flatten(),
              dropout(0.1f),
              linear(6, 5),
              conv1d(4, 2, 7).withoutBias()),
          embedding(11, 5),
          layerNorm(5),
          rmsNorm(5),
          groupNorm(2, 6),
          linear(5, 2));
    }
  }

  /** What {@code state_dict()} of the same modules has. */
  private static final Map<String, long[]> SHAPES =
      Map.ofEntries(
          Map.entry("features.0.weight", new long[] {8, 3, 3, 3}),
          Map.entry("features.1.weight", new long[] {8}),
          Map.entry("features.1.bias", new long[] {8}),
          Map.entry("features.1.running_mean", new long[] {8}),
          Map.entry("features.1.running_var", new long[] {8}),
          Map.entry("features.3.weight", new long[] {16, 2, 3, 3}),
          Map.entry("features.3.bias", new long[] {16}),
          Map.entry("decoder.0.weight", new long[] {16, 3, 4, 4}),
          Map.entry("decoder.0.bias", new long[] {6}),
          Map.entry("decoder.3.weight", new long[] {5, 6}),
          Map.entry("decoder.3.bias", new long[] {5}),
          Map.entry("decoder.4.weight", new long[] {2, 4, 7}),
          Map.entry("token_embedding.weight", new long[] {11, 5}),
          Map.entry("norm.weight", new long[] {5}),
          Map.entry("norm.bias", new long[] {5}),
          Map.entry("rms.weight", new long[] {5}),
          Map.entry("group.weight", new long[] {6}),
          Map.entry("group.bias", new long[] {6}),
          Map.entry("classifier.weight", new long[] {2, 5}),
          Map.entry("classifier.bias", new long[] {2}));

  @TempDir private Path folder;

  private final SequencedMap<String, HostTensor> tensors = new LinkedHashMap<>();

  StateDictTest() {
    SHAPES.forEach((name, dimensions) -> {
      float[] elements = new float[(int) TensorType.f32(dimensions).shape().size()];
      for (int i = 0; i < elements.length; i++) {
        elements[i] = (name.hashCode() + i) % 1000 / 8f;
      }
      tensors.put(name, HostTensor.of(elements, dimensions));
    });
  }

  private Weights load() throws IOException {
    Path file = folder.resolve("model.safetensors");
    SafeTensors.of(Map.of(), tensors).write(file);
    return Weights.of(new Model()).load(file);
  }

  @Test
  void loadsWithoutRenaming() throws IOException {
    Weights weights = load();
    assertThat(weights.tensors().keySet()).containsExactlyInAnyOrderElementsOf(SHAPES.keySet());
    tensors.forEach(
        (name, tensor) -> assertThat(weights.toArray(name)).as(name).isEqualTo(tensor.toFloats()));
  }

  @Test
  void mayCountTheBatchesOfBatchNorm() throws IOException {
    tensors.put("features.1.num_batches_tracked", HostTensor.of(new long[] {1234}));
    assertThat(load().toArray("features.1.running_var"))
        .isEqualTo(tensors.get("features.1.running_var").toFloats());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "features.0.bias",
        "features.0.num_batches_tracked",
        "num_batches_tracked",
        "features.1.num_batches_tracked.x",
        "features.1.xnum_batches_tracked"
      })
  void refusesWhatTheModelHasNot(String name) {
    tensors.put(name, HostTensor.of(new float[8], 8));
    assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(
            MismatchedWeightsException.class,
            refused -> assertThat(refused.unexpected()).isEqualTo(List.of(name)));
  }

  @Test
  void refusesMissingTensorsAndOtherShapes() {
    tensors.remove("decoder.0.bias");
    tensors.put("decoder.0.weight", HostTensor.of(new float[16 * 6 * 16], 16, 6, 4, 4));
    assertThatThrownBy(this::load)
        .isInstanceOfSatisfying(
            MismatchedWeightsException.class,
            refused -> {
              assertThat(refused.missing()).isEqualTo(List.of("decoder.0.bias"));
              assertThat(refused.mismatched())
                  .isEqualTo(
                      List.of(
                          "decoder.0.weight is f32[16, 6, 4, 4] but the model has f32[16, 3, 4, 4]"));
            });
  }
}
