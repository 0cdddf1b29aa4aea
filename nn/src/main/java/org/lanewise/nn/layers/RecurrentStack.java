package org.lanewise.nn.layers;

import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.op.Ranges;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.nn.Init;
import org.lanewise.nn.Operand;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Recurrent layers upon each other, each in one or both directions.
 *
 * @param layers at least 1
 * @param bidirectional whether each layer also reads from the end to the beginning
 * @param dropout probability with which an element between two layers is dropped in training
 * @param parameters by name
 * @param cell makes the op of a layer in a direction
 */
record RecurrentStack(
    int layers,
    boolean bidirectional,
    float dropout,
    Map<String, Parameter> parameters,
    Cell cell) {
  /** Makes the op of a layer in a direction. */
  @FunctionalInterface
  interface Cell {
    RecurrentOp.Forward op(boolean reverse, boolean hasState, boolean hasLengths);
  }

  /** New parameters for all layers, which start uniform in ±1/√hidden. */
  static SequencedMap<String, Parameter> parameters(
      int gates, long inputs, long hidden, int layers, boolean bidirectional) {
    Ranges.atLeast("layers", 1, layers);
    Init init = Init.kaimingUniform(hidden);
    SequencedMap<String, Parameter> parameters = new LinkedHashMap<>();
    for (int layer = 0; layer < layers; layer++) {
      long read = layer == 0 ? inputs : bidirectional ? 2 * hidden : hidden;
      for (boolean reverse : directions(bidirectional)) {
        String suffix = suffix(layer, reverse);
        parameters.put("weight_ih" + suffix, Parameter.of(init, gates * hidden, read));
        parameters.put("weight_hh" + suffix, Parameter.of(init, gates * hidden, hidden));
        parameters.put("bias_ih" + suffix, Parameter.of(init, gates * hidden));
        parameters.put("bias_hh" + suffix, Parameter.of(init, gates * hidden));
      }
    }
    return Collections.unmodifiableSequencedMap(parameters);
  }

  private static List<Boolean> directions(boolean bidirectional) {
    return bidirectional ? List.of(false, true) : List.of(false);
  }

  private static String suffix(int layer, boolean reverse) {
    return "_l" + layer + (reverse ? "_reverse" : "");
  }

  /**
   * Runs all layers.
   *
   * @param lengths i32 [batch], or null
   * @param initial states [layers · directions, batch, hidden], or none for zeros
   * @return the output of the uppermost layer, and the last states of all, as the initial ones
   */
  List<Tensor> run(Tensor x, Tensor lengths, List<Tensor> initial) {
    List<List<Tensor>> states = new ArrayList<>();
    Tensor y = x;
    for (int layer = 0; layer < layers; layer++) {
      Tensor read = layer == 0 ? x : y.dropout(dropout);
      List<Tensor> outputs = new ArrayList<>();
      for (boolean reverse : directions(bidirectional)) {
        int number = states.size();
        List<Tensor> results =
            run(
                read,
                suffix(layer, reverse),
                reverse,
                initial.stream().map(state -> part(state, number)).toList(),
                lengths);
        outputs.add(results.getFirst());
        states.add(results.subList(1, results.size()));
      }
      y = Tensor.concat(2, outputs);
    }
    List<Tensor> results = new ArrayList<>(List.of(y));
    for (int i = 0; i < states.getFirst().size(); i++) {
      int state = i;
      results.add(Tensor.concat(0, states.stream().map(all -> withAxis(all.get(state))).toList()));
    }
    return results;
  }

  /** Runs one layer in one direction; returns its output, and then its last states. */
  private List<Tensor> run(
      Tensor x, String suffix, boolean reverse, List<Tensor> initial, Tensor lengths) {
    Parameter weight = parameters.get("weight_hh" + suffix);
    Parameter bias = parameters.get("bias_hh" + suffix);
    Tensor gates =
        x.linear(parameters.get("weight_ih" + suffix), parameters.get("bias_ih" + suffix));
    List<Operand> inputs = new ArrayList<>(List.of(weight, bias));
    inputs.addAll(initial);
    if (lengths != null) {
      inputs.add(lengths);
    }
    RecurrentOp.Forward op = cell.op(reverse, !initial.isEmpty(), lengths != null);
    return gates.results(op, inputs.toArray(Operand[]::new));
  }

  /** One of the matrices of a tensor. */
  private static Tensor part(Tensor x, int index) {
    Tensor part = x.shape().dimension(0) == 1 ? x : x.slice(0, index, index + 1);
    return part.reshape(x.shape().withoutFirst());
  }

  private static Tensor withAxis(Tensor x) {
    return x.reshape(x.shape().prepend(1));
  }
}
