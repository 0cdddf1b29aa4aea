package org.lanewise.nn.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.backend.Backend;
import org.lanewise.kernels.backend.Backends;
import org.lanewise.kernels.backend.Operand;
import org.lanewise.kernels.op.TensorType;
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
    Graph graph = new Graph();
    Map<String, Value> inputs = new LinkedHashMap<>();
    for (var input : c.json.get("inputs").properties()) {
      TensorType type = TensorType.f32(dimensions(input.getValue()));
      boolean isTrained = c.json.get("grads").has(input.getKey());
      inputs.put(
          input.getKey(),
          isTrained ? graph.parameter(input.getKey(), type) : graph.input(input.getKey(), type));
    }
    for (var input : c.json.get("index_inputs").properties()) {
      TensorType type = TensorType.i32(dimensions(input.getValue()));
      inputs.put(input.getKey(), graph.input(input.getKey(), type));
    }
    Map<String, Value> outputs =
        ReferenceOps.apply(c.json.get("op").asString(), c.json.get("attrs"), graph, inputs);
    Value y = outputs.get("y");
    Value cotangent = graph.input("cotangent", y.type());
    List<Value> gradients =
        c.json.has("cotangent") ? Gradients.append(graph, y, cotangent) : Gradients.append(graph);
    List<Value> given = new ArrayList<>(inputs.values());
    given.removeAll(graph.parameters());
    given.add(cotangent);
    try (Backend backend = Devices.open(c.backend)) {
      Map<Value, Operand> state = new HashMap<>();
      for (Value value : graph.parameters()) {
        state.put(value, Operands.allocate(backend, value.type()));
      }
      for (Value value : gradients) {
        state.put(value, Operands.allocate(backend, value.type()));
      }
      Plan plan = Plan.bind(backend, graph.nodes(), given, List.copyOf(outputs.values()), state);
      inputs.forEach((name, value) -> {
        JsonNode tensor =
            c.json.get("inputs").has(name)
                ? c.json.get("inputs").get(name)
                : c.json.get("index_inputs").get(name);
        Operands.write(plan.operand(value), doubles(tensor));
      });
      if (c.json.has("cotangent")) {
        Operands.write(plan.operand(cotangent), doubles(c.json.get("cotangent")));
      }
      plan.run();
      outputs.forEach((name, value) ->
          check(name, Operands.read(plan.operand(value)), c.json.get("outputs").get(name)));
      for (int i = 0; i < gradients.size(); i++) {
        String name = graph.parameters().get(i).name();
        check(
            "d" + name, Operands.read(state.get(gradients.get(i))), c.json.get("grads").get(name));
      }
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
