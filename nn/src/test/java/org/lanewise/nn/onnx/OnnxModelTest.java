package org.lanewise.nn.onnx;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Layers.linear;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxModelMetadata;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.TensorInfo;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.op.AttentionForm;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.KeyValueCache;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.layers.Linear;
import org.lanewise.nn.oracle.OnnxRuntime;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.weights.Weights;

/** What an exported model is, beside its numbers. */
class OnnxModelTest {
  @TempDir private Path folder;

  @Test
  void tellsNamesLengthsAndWhereItComesFrom() throws IOException, OrtException {
    OnnxCase one = ModelCases.transformer();
    Path file = folder.resolve("model.onnx");
    Weights weights = Weights.of(one.model()).initialize(1);
    Onnx.export(
        weights,
        one.function(),
        one.signature(),
        file,
        one.options().withMetadata("labels", "a,b").withMetadata("é", ""));

    try (OnnxRuntime runtime = OnnxRuntime.open(file);
        Arena arena = Arena.ofConfined()) {
      OnnxModelMetadata metadata = runtime.session().getMetadata();
      assertThat(metadata.getProducerName()).isEqualTo("lanewise");
      assertThat(metadata.getCustomMetadata()).isEqualTo(Map.of("labels", "a,b", "é", ""));
      assertThat(runtime.session().getInputInfo().keySet())
          .containsExactly("ids", "mask", "places");
      TensorInfo ids = info(runtime.session().getInputInfo().get("ids"));
      assertThat(ids.getShape()).containsExactly(-1, -1);
      assertThat(ids.getDimensionNames()).containsExactly("batch", "time");
      TensorInfo sentence = info(runtime.session().getOutputInfo().get("sentence"));
      assertThat(sentence.getShape()).containsExactly(-1, 16);
      assertThat(sentence.getDimensionNames()).containsExactly("batch", "");
      assertThat(Onnx.read(file, arena).keySet())
          .containsExactlyInAnyOrderElementsOf(weights.tensors().keySet());
    }
  }

  private static TensorInfo info(NodeInfo node) {
    return (TensorInfo) node.getInfo();
  }

  @Test
  void keepsTensorsInAFileOfTheirOwn() throws IOException, OrtException {
    Linear layer = linear(3, 5);
    Weights weights = Weights.of(layer).initialize(1);
    Function<Tensors, Tensors> function = in -> Tensors.of("y", layer.forward(in.get("x")).mul(2f));
    Signature signature = Signature.of("x", TensorType.f32(2, 3));
    Path file = folder.resolve("model.onnx");
    Onnx.export(weights, function, signature, file, OnnxOptions.FIXED.withExternalData());

    assertThat(folder.resolve("model.onnx.data")).hasSize(64 + 64);
    Map<String, HostTensor> inputs =
        Map.of("x", HostTensor.of(new float[] {1, 2, 3, 4, 5, 6}, 2, 3));
    try (OnnxRuntime runtime = OnnxRuntime.open(file);
        Session session = Session.open("cpu", 1, weights)) {
      assertThat(info(runtime.session().getInputInfo().get("x")).getShape()).containsExactly(2, 3);
      assertClose(runtime.run(inputs).get("y"), session.runAll(function, inputs).get("y"));
    }
  }

  /**
   * A text is continued token by token: what is kept is an input, and an output for the next run.
   */
  @Test
  void handsStatesOfASessionOn() throws IOException, OrtException {
    AttentionForm form = AttentionForm.of(2).withCausal();
    Linear qkv = linear(4, 12);
    Weights weights = Weights.of(qkv).initialize(1);
    Function<Tensors, Tensors> function =
        in -> {
          KeyValueCache cache = KeyValueCache.of("cache", in.get("x").shape().dimension(0), 7, 4);
          return Tensors.of(
              "y", qkv.forward(in.get("x")).selfAttention(form, cache, in.get("position")));
        };
    Path file = folder.resolve("model.onnx");
    Onnx.export(
        weights,
        function,
        Signature.of("x", TensorType.f32(2, 2, 4)).and("position", TensorType.i32(2)),
        file);

    SplittableRandom random = new SplittableRandom(5);
    int[] positions = {0, 0, 0};
    Map<String, HostTensor> kept = new LinkedHashMap<>();
    kept.put("cache.keys", HostTensor.zeros(TensorType.f32(3, 7, 4)));
    kept.put("cache.values", HostTensor.zeros(TensorType.f32(3, 7, 4)));
    try (OnnxRuntime runtime = OnnxRuntime.open(file);
        Session session = Session.open("cpu", 1, weights)) {
      for (int step = 0; step < 3; step++) {
        HostTensor x = HostTensor.zeros(TensorType.f32(3, 2, 4));
        for (int i = 0; i < 24; i++) {
          x.data().setAtIndex(JAVA_FLOAT, i, (float) random.nextDouble(-2, 2));
        }
        Map<String, HostTensor> inputs =
            new LinkedHashMap<>(Map.of("x", x, "position", HostTensor.of(positions, 3)));
        HostTensor expected = session.runAll(function, inputs).get("y");
        inputs.putAll(kept);
        Map<String, HostTensor> found = runtime.run(inputs);
        assertClose(found.get("y"), expected);
        kept.replaceAll((name, _) -> found.get(name + ".next"));
        for (int text = 0; text < positions.length; text++) {
          positions[text] += text == 1 ? 1 : 2; // one text goes back by a token
        }
      }
    }
  }

  @Test
  void replacesAFileOrLeavesIt() throws IOException {
    Linear layer = linear(3, 5);
    Path file = Files.writeString(folder.resolve("model.onnx"), "old");
    Weights weights = Weights.of(layer).initialize(1);
    Signature signature = Signature.of("x", TensorType.f32(2, 3));
    Function<Tensors, Tensors> noFit = in -> Tensors.of("y", in.get("x").reshape(6).mul(2f));
    try {
      Onnx.export(weights, noFit, signature, file, OnnxOptions.DEFAULT);
    } catch (IllegalArgumentException _) {
      assertThat(file).hasContent("old");
    }
    Onnx.export(weights, in -> Tensors.of("y", layer.forward(in.get("x"))), signature, file);
    assertThat(Files.size(file)).isGreaterThan(100);
  }

  private static void assertClose(HostTensor found, HostTensor expected) {
    assertThat(found.type()).isEqualTo(expected.type());
    float[] y = found.toFloats();
    for (int i = 0; i < y.length; i++) {
      assertThat(y[i]).as("element %d", i).isCloseTo(expected.toFloats()[i], within(1e-5f));
    }
  }
}
