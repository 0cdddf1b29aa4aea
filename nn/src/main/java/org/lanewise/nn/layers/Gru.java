package org.lanewise.nn.layers;

import java.util.List;
import java.util.SequencedMap;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.nn.Layer;
import org.lanewise.nn.Name;
import org.lanewise.nn.Parameter;
import org.lanewise.nn.Tensor;

/**
 * Gated recurrent units (Cho et al., arXiv 1406.1078) over sequences [batch, time, inputs], with
 * PyTorch's formulas: at each time, with {@code a = W_ih·x + b_ih} and {@code p = W_hh·h + b_hh}
 * and their thirds, {@code r = sigmoid(a_r + p_r)}, {@code z = sigmoid(a_z + p_z)}, {@code n =
 * tanh(a_n + r · p_n)} and {@code h ← (1 − z) · n + z · h}.
 *
 * <p>Layers lie one upon the other, each reading what the one below gives. In both directions, the
 * output at a time is that of the forward direction and then that of the other one.
 *
 * @param inputs elements of x at a time
 * @param hidden elements of h
 * @param layers at least 1
 * @param bidirectional whether each layer also reads from the end to the beginning
 * @param dropout probability with which an element between two layers is dropped in training
 * @param parameters by PyTorch's names, {@code weight_ih_l0} [3 · hidden, inputs], {@code
 *     weight_hh_l0} [3 · hidden, hidden], {@code bias_ih_l0} and {@code bias_hh_l0} [3 · hidden] of
 *     the lowest layer, {@code weight_ih_l0_reverse} and so on of its other direction
 */
public record Gru(
    long inputs,
    long hidden,
    int layers,
    boolean bidirectional,
    float dropout,
    @Name("") SequencedMap<String, Parameter> parameters)
    implements Layer {
  private static final int GATES = 3;

  /**
   * What a run gives.
   *
   * @param output the h of the uppermost layer at all times, [batch, time, directions · hidden]
   * @param hidden the last h of each layer and direction, [layers · directions, batch, hidden]
   */
  public record Result(Tensor output, Tensor hidden) {}

  static Gru of(long inputs, long hidden, int layers, boolean bidirectional, float dropout) {
    return new Gru(
        inputs,
        hidden,
        layers,
        bidirectional,
        dropout,
        RecurrentStack.parameters(GATES, inputs, hidden, layers, bidirectional));
  }

  /** This layer with so many upon each other, and new parameters. */
  public Gru layers(int count) {
    return of(inputs, hidden, count, bidirectional, dropout);
  }

  /** This layer in one or both directions, with new parameters. */
  public Gru bidirectional(boolean both) {
    return of(inputs, hidden, layers, both, dropout);
  }

  /** This layer with dropout between layers. */
  public Gru dropout(float p) {
    return new Gru(inputs, hidden, layers, bidirectional, p, parameters);
  }

  /** The output alone, from states of zeros. */
  @Override
  public Tensor forward(Tensor x) {
    return run(x).output();
  }

  /** Reads sequences of the same length, from states of zeros. */
  public Result run(Tensor x) {
    return run(x, null);
  }

  /**
   * Reads sequences from states of zeros.
   *
   * @param lengths i32 [batch], each in 0..time: the times from there on leave a sequence's state
   *     alone and give zeros; x is to be finite there. Null if all are as long as x.
   */
  public Result run(Tensor x, Tensor lengths) {
    return result(stack().run(x, lengths, List.of()));
  }

  /**
   * Reads sequences from given states.
   *
   * @param lengths as for {@link #run(Tensor, Tensor)}
   * @param hidden the h of each layer and direction before, [layers · directions, batch, hidden]
   */
  public Result run(Tensor x, Tensor lengths, Tensor hidden) {
    return result(stack().run(x, lengths, List.of(hidden)));
  }

  private RecurrentStack stack() {
    return new RecurrentStack(layers, bidirectional, dropout, parameters, RecurrentOp.Gru::new);
  }

  private static Result result(List<Tensor> results) {
    return new Result(results.get(0), results.get(1));
  }
}
