package org.lanewise.nn.layers;

import static java.lang.foreign.ValueLayout.JAVA_FLOAT;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;
import static org.lanewise.nn.layers.Transformers.decoderLayer;
import static org.lanewise.nn.layers.Transformers.encoderLayer;
import static org.lanewise.nn.layers.Transformers.multiHeadAttention;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.net.URISyntaxException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.Activation;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.AttentionPattern;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Mode;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.TestRun;
import org.lanewise.nn.gradient.Gradients;
import org.lanewise.nn.graph.Graph;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.weights.Weights;

/**
 * Layers of several parts with weights of PyTorch 1.13, which load by their names: outputs and
 * gradients are those that it computes in f64.
 */
class PyTorchLayersTest {
  /** Relative to the largest element of a tensor: what f32 costs in two blocks. */
  private static final double TOLERANCE = 4e-6;

  private static final String GRADIENT = " gradient of ";

  record Model(
      MultiHeadAttention attention,
      TransformerEncoder encoder,
      TransformerDecoder decoder,
      TransformerEncoder preNormEncoder,
      TransformerDecoder preNormDecoder,
      Lstm lstm,
      Gru gru) {
    Model() {
      this(
          multiHeadAttention(8, 2),
          TransformerEncoder.of(2, () -> encoderLayer(8, 2, 12).dropout(0)),
          TransformerDecoder.of(2, () -> decoderLayer(8, 4, 12).dropout(0))
              .norm(Layers.layerNorm(8)),
          TransformerEncoder.of(
                  1,
                  () ->
                      encoderLayer(8, 2, 12).dropout(0).normFirst(true).activation(Activation.GELU))
              .norm(Layers.layerNorm(8)),
          TransformerDecoder.of(
              1,
              () -> decoderLayer(8, 2, 12).dropout(0).normFirst(true).activation(Activation.GELU)),
          Layers.lstm(8, 3).layers(2).bidirectional(true),
          Layers.gru(8, 3).layers(2).bidirectional(true));
    }
  }

  private final Model model = new Model();

  private Tensor apply(String function, Tensors in) {
    Tensor x = in.get("x");
    Tensor memory = in.get("memory");
    Tensor mask = in.get("mask");
    Tensor memoryMask = in.get("memory mask");
    AttentionPattern full = AttentionPattern.FULL;
    AttentionPattern causal = AttentionPattern.CAUSAL;
    return switch (function) {
      case "self" -> model.attention.forward(x);
      case "self masked" -> model.attention.forward(x, full, mask);
      case "self causal" -> model.attention.forward(x, causal);
      case "cross" -> model.attention.attend(x, memory);
      case "cross masked" -> model.attention.attend(x, memory, memoryMask);
      case "keys and values" -> model.attention.attend(x, memory, memory.mul(0.5f), full, null);
      case "encoder" -> model.encoder.forward(x);
      case "encoder masked" -> model.encoder.forward(x, full, mask);
      case "encoder causal" -> model.encoder.forward(x, causal, null);
      case "encoder causal masked" -> model.encoder.forward(x, causal, mask);
      case "decoder" -> model.decoder.forward(x, memory);
      case "decoder masked" -> model.decoder.forward(x, memory, full, mask, memoryMask);
      case "pre-norm encoder" -> model.preNormEncoder.forward(x);
      case "pre-norm decoder" -> model.preNormDecoder.forward(x, memory, causal, null, memoryMask);
      case "lstm" -> model.lstm.run(x, in.get("lengths")).output();
      case "gru" -> model.gru.run(x, in.get("lengths")).output();
      default -> throw new IllegalArgumentException(function);
    };
  }

  private static SafeTensors read(String name) throws IOException {
    return SafeTensors.read(file(name), Arena.ofAuto());
  }

  private static Path file(String name) {
    try {
      return Path.of(PyTorchLayersTest.class.getResource(name).toURI());
    } catch (URISyntaxException impossible) {
      throw new IllegalStateException(impossible);
    }
  }

  record Case(String function, String backend) {}

  static Stream<Case> cases() throws IOException {
    String cotangent = " cotangent";
    List<String> functions =
        read("pytorch-expected.safetensors").tensors().keySet().stream()
            .filter(name -> name.endsWith(cotangent))
            .map(name -> name.substring(0, name.length() - cotangent.length()))
            .toList();
    assertThat(functions).hasSize(16);
    return functions.stream()
        .flatMap(function -> Backends.names().stream().map(name -> new Case(function, name)));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsPyTorch(Case c) throws IOException {
    Map<String, HostTensor> expected = new HashMap<>();
    read("pytorch-expected.safetensors")
        .tensors()
        .forEach((name, tensor) ->
            expected.put(name, tensor.convert(isInteger(name) ? DType.I32 : DType.F32)));
    Weights weights = Weights.of(model).load(file("pytorch-weights.safetensors"));
    SequencedMap<String, TensorType> types = new LinkedHashMap<>();
    for (String input :
        List.of("x", "memory", "mask", "memory mask", "lengths", c.function + " cotangent")) {
      types.put(input, expected.get(input).type());
    }
    Function<Tensors, Tensors> function =
        in -> {
          Tensor y = apply(c.function, in);
          return Tensors.of("y", y).and("total", y.mul(in.get(c.function + " cotangent")).sum());
        };
    Graph forward = weights.components().trace(Mode.TRAIN, new Signature(types), function);
    GraphBuilder graph = forward.toBuilder();
    List<Value> differentiated =
        Stream.concat(
                Stream.of("x", "memory").map(forward.inputs()::get),
                forward.parameters().values().stream())
            .toList();
    Map<Value, Value> gradients = Gradients.append(graph, forward.output("total"), differentiated);
    gradients.forEach((of, gradient) -> graph.output("d" + of.name(), gradient));
    try (TestRun run = new TestRun(graph.build(), c.backend)) {
      forward.inputs().forEach((name, value) -> write(run, value, expected.get(name)));
      forward.parameters().forEach((name, value) -> write(run, value, weights.tensors().get(name)));
      run.run();
      check("y", run.read(forward.output("y")), expected.get(c.function));
      int checked = 0;
      for (var gradient : gradients.entrySet()) {
        String name = gradient.getKey().name();
        HostTensor of = expected.get(c.function + GRADIENT + name);
        if (of != null) {
          check("gradient of " + name, run.read(gradient.getValue()), of);
          checked++;
        }
      }
      assertThat(checked)
          .isEqualTo(
              (int)
                  expected.keySet().stream()
                      .filter(name -> name.startsWith(c.function + GRADIENT))
                      .count());
    }
  }

  private static boolean isInteger(String name) {
    return name.endsWith("mask") || name.equals("lengths");
  }

  private static void write(TestRun run, Value value, HostTensor tensor) {
    double[] elements = new double[(int) tensor.type().shape().size()];
    float[] floats = tensor.type().dtype() == DType.F32 ? tensor.toFloats() : null;
    int[] ints = floats == null ? tensor.toInts() : null;
    for (int i = 0; i < elements.length; i++) {
      elements[i] = floats == null ? ints[i] : floats[i];
    }
    run.write(value, elements);
  }

  private static void check(String name, float[] actual, HostTensor expected) {
    MemorySegment data = expected.data();
    assertThat(actual).as(name).hasSize((int) expected.type().shape().size());
    double largest = 0;
    for (int i = 0; i < actual.length; i++) {
      largest = Math.max(largest, Math.abs(data.getAtIndex(JAVA_FLOAT, i)));
    }
    for (int i = 0; i < actual.length; i++) {
      assertThat((double) actual[i])
          .as("%s[%d]", name, i)
          .isCloseTo(data.getAtIndex(JAVA_FLOAT, i), within(TOLERANCE * largest + 1e-6));
    }
  }

  @Test
  void parametersAreInTheOrderOfPyTorch() throws IOException {
    assertThat(Weights.of(model).components().parameters().keySet())
        .containsExactlyElementsOf(read("pytorch-weights.safetensors").tensors().keySet());
  }
}
