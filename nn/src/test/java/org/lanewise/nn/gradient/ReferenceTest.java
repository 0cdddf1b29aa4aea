package org.lanewise.nn.gradient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.TestRun;
import org.lanewise.nn.graph.GraphBuilder;
import org.lanewise.nn.graph.Value;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Ops and their gradient rules against values from PyTorch, on every backend. */
class ReferenceTest {
  /** Relative to the largest element; the reference is exact, so this is what f32 costs. */
  private static final double TOLERANCE = 2e-6;

  record Case(String backend, JsonNode json) {
    @Override
    public String toString() {
      return json.get("name").asString() + " on " + backend;
    }
  }

  static Stream<Case> cases() throws IOException {
    List<Case> cases = new ArrayList<>();
    try (InputStream file = ReferenceTest.class.getResourceAsStream("reference.json")) {
      for (JsonNode json : new JsonMapper().readTree(file).get("cases")) {
        for (String backend : Backends.names()) {
          cases.add(new Case(backend, json));
        }
      }
    }
    return cases.stream();
  }

  @ParameterizedTest
  @MethodSource("cases")
  void followsPyTorch(Case c) {
    GraphBuilder builder = new GraphBuilder();
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (var input : c.json.get("inputs").properties()) {
      TensorType type = TensorType.f32(dimensions(input.getValue()));
      boolean isTrained = c.json.get("grads").has(input.getKey());
      inputs.put(
          input.getKey(),
          isTrained
              ? builder.parameter(input.getKey(), type)
              : builder.input(input.getKey(), type));
    }
    for (var input : c.json.get("index_inputs").properties()) {
      TensorType type = TensorType.i32(dimensions(input.getValue()));
      inputs.put(input.getKey(), builder.input(input.getKey(), type));
    }
    Map<String, Value> outputs =
        ReferenceOps.apply(c.json.get("op").asString(), c.json.get("attrs"), builder, inputs);
    outputs.forEach(builder::output);
    Value y = outputs.get("y");
    List<Value> parameters = List.copyOf(builder.build().parameters().values());
    Value cotangent = c.json.has("cotangent") ? builder.input("cotangent", y.type()) : null;
    Map<Value, Value> gradients =
        cotangent == null
            ? Gradients.append(builder, y, parameters)
            : Gradients.append(builder, Map.of(y, cotangent), parameters);
    gradients.forEach((parameter, value) -> builder.output("d" + parameter.name(), value));
    try (TestRun run = new TestRun(builder.build(), c.backend)) {
      inputs.forEach((name, value) -> {
        JsonNode tensor =
            c.json.get("inputs").has(name)
                ? c.json.get("inputs").get(name)
                : c.json.get("index_inputs").get(name);
        run.write(value, doubles(tensor));
      });
      if (cotangent != null) {
        run.write(cotangent, doubles(c.json.get("cotangent")));
      }
      run.run();
      outputs.forEach(
          (name, value) -> check(name, run.read(value), c.json.get("outputs").get(name)));
      assertThat(gradients.keySet()).containsExactlyElementsOf(parameters);
      gradients.forEach((parameter, value) ->
          check(
              "d" + parameter.name(), run.read(value), c.json.get("grads").get(parameter.name())));
    }
  }

  private static void check(String name, float[] actual, JsonNode tensor) {
    double[] expected = doubles(tensor);
    double largest = 0;
    for (double value : expected) {
      largest = Math.max(largest, Math.abs(value));
    }
    assertThat(actual).as(name).hasSameSizeAs(expected);
    for (int i = 0; i < expected.length; i++) {
      assertThat((double) actual[i])
          .as("%s[%d]", name, i)
          .isCloseTo(expected[i], within(TOLERANCE * largest));
    }
  }

  private static long[] dimensions(JsonNode tensor) {
    return tensor.get("shape").values().stream().mapToLong(JsonNode::asLong).toArray();
  }

  private static double[] doubles(JsonNode tensor) {
    return tensor.get("data").values().stream().mapToDouble(JsonNode::asDouble).toArray();
  }
}
