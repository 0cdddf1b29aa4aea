package org.lanewise.kernels.op;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an op does with the memory of its operands: how it writes each output, and of which inputs
 * an output may take the place. It is all that a planner of memory has to know, and binding an op
 * refuses whatever it does not allow.
 *
 * <p>Inputs are only read, and may share memory with each other in any way. An output shares memory
 * with no other operand, but for one that is overwritten: it may be the very memory of an input of
 * whose place it may be.
 *
 * <p>An output that no op reads is needed while the op runs: so an op declares memory for
 * intermediate results that every backend needs. What one backend needs is its own affair.
 *
 * @param inputs what messages call them, in the order of the operands; the last one stands for all
 *     that follow, where an op takes any number
 * @param outputs in the order of the operands
 */
public record Effects(List<String> inputs, List<Output> outputs) {
  /**
   * An operand that is written.
   *
   * @param name what messages call it
   * @param adds whether every backend can also add to what it holds, see {@link Write}
   * @param updates whether what it holds is read, and advanced to its next state
   * @param inPlaceOf names of inputs whose memory it may be, if it is of the same size and
   *     overwritten
   */
  public record Output(String name, boolean adds, boolean updates, Set<String> inPlaceOf) {
    /** An output with a copy of the given names. */
    public Output {
      inPlaceOf = Set.copyOf(inPlaceOf);
    }

    /** Whether what it holds before is read if it is written so. */
    public boolean isRead(Write write) {
      return updates || write == Write.ADD;
    }
  }

  /**
   * Effects with copies of the given lists.
   *
   * @throws IllegalArgumentException if an output is to take the place of what is no input, or is
   *     to be updated and also to be written otherwise
   */
  public Effects {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    for (Output output : outputs) {
      if (!inputs.containsAll(output.inPlaceOf)) {
        throw new IllegalArgumentException(
            "%s cannot take the place of what is not among the inputs %s"
                .formatted(output, inputs));
      }
      if (output.updates && (output.adds || !output.inPlaceOf.isEmpty())) {
        throw new IllegalArgumentException(output + " is updated and cannot be written otherwise");
      }
    }
  }

  /** An input, by its position among the operands. */
  public String input(int index) {
    return inputs.get(Math.min(index, inputs.size() - 1));
  }

  /** An output, by its position among the operands. */
  public Output output(int index) {
    return outputs.get(index);
  }

  /** Whether an output that is overwritten may be the memory of an input of the same size. */
  public boolean mayBeInPlace(int output, int input) {
    return output(output).inPlaceOf.contains(input(input));
  }

  /** An op that reads operands, and has no effect yet. */
  public static Effects reads(String... names) {
    return new Effects(List.of(names), List.of());
  }

  /** These effects and an input that the op may lack. */
  Effects readsIf(boolean isPresent, String name) {
    return isPresent
        ? new Effects(Stream.concat(inputs.stream(), Stream.of(name)).toList(), outputs)
        : this;
  }

  /** These effects and an output that is overwritten, maybe in place of some inputs. */
  public Effects writes(String name, String... inPlaceOf) {
    return with(new Output(name, false, false, Set.of(inPlaceOf)));
  }

  /** These effects and an output that is added to, or overwritten, maybe in place of inputs. */
  Effects adds(String name, String... inPlaceOf) {
    return with(new Output(name, true, false, Set.of(inPlaceOf)));
  }

  /** These effects and outputs that are advanced to their next state. */
  Effects updates(String... names) {
    Effects effects = this;
    for (String name : names) {
      effects = effects.with(new Output(name, false, true, Set.of()));
    }
    return effects;
  }

  private Effects with(Output output) {
    return new Effects(inputs, Stream.concat(outputs.stream(), Stream.of(output)).toList());
  }
}
