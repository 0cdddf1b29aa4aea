package org.lanewise.kernels.op;

import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What an op does with the memory of its operands: which inputs it changes, how it writes each
 * output, and of which inputs an output may take the place. It is all that a planner of memory has
 * to know, and binding an op refuses whatever it does not allow.
 *
 * <p>Inputs that are only read may share memory with each other in any way. What is written, an
 * output or an input that is updated, shares memory with no other operand, but for an output that
 * is the very memory of an input of whose place it may be.
 *
 * <p>An output that no op reads is needed while the op runs: so an op declares memory for
 * intermediate results that every backend needs. What one backend needs is its own affair.
 *
 * @param inputs in the order of the operands; the last one stands for all that follow, where an op
 *     takes any number
 * @param outputs in the order of the operands
 */
public record Effects(List<Input> inputs, List<Output> outputs) {
  /** What happens to what an output holds before. */
  public enum Write {
    /** It is not read. */
    OVERWRITE,
    /** It is added to. */
    ADD,
    /** It is the state that the op advances. */
    UPDATE
  }

  /**
   * An operand that is read.
   *
   * @param name what messages call it
   * @param isUpdated whether it is also written, with its next state
   */
  public record Input(String name, boolean isUpdated) {}

  /**
   * An operand that is written.
   *
   * @param name what messages call it
   * @param write what happens to what it holds before
   * @param inPlaceOf names of inputs whose memory it may be, if it is of the same size
   */
  public record Output(String name, Write write, Set<String> inPlaceOf) {
    /** An output with a copy of the given names. */
    public Output {
      inPlaceOf = Set.copyOf(inPlaceOf);
    }

    /** Whether what it holds before is read. */
    public boolean isRead() {
      return write != Write.OVERWRITE;
    }
  }

  /**
   * Effects with copies of the given lists.
   *
   * @throws IllegalArgumentException if an output is to take the place of what is no input that is
   *     only read, or is read itself
   */
  public Effects {
    inputs = List.copyOf(inputs);
    outputs = List.copyOf(outputs);
    List<String> replaceable =
        inputs.stream().filter(input -> !input.isUpdated).map(Input::name).toList();
    for (Output output : outputs) {
      if (!replaceable.containsAll(output.inPlaceOf)
          || output.isRead() && !output.inPlaceOf.isEmpty()) {
        throw new IllegalArgumentException(
            "%s cannot take the place of one of %s, of which the op only reads %s"
                .formatted(output, output.inPlaceOf, replaceable));
      }
    }
  }

  /** An input, by its position among the operands. */
  public Input input(int index) {
    return inputs.get(Math.min(index, inputs.size() - 1));
  }

  /** An output, by its position among the operands. */
  public Output output(int index) {
    return outputs.get(index);
  }

  /** Whether an output may be the memory of an input of the same size. */
  public boolean mayBeInPlace(int output, int input) {
    return output(output).inPlaceOf.contains(input(input).name);
  }

  /** An op that reads operands, and has no effect yet. */
  static Effects reads(String... names) {
    return new Effects(Stream.of(names).map(name -> new Input(name, false)).toList(), List.of());
  }

  /** These effects and an input that the op may lack. */
  Effects readsIf(boolean isPresent, String name) {
    return isPresent ? withInput(new Input(name, false)) : this;
  }

  /** These effects and an input that is only read, or else also advanced to its next state. */
  Effects updatesOrReads(boolean isUpdated, String name) {
    return withInput(new Input(name, isUpdated));
  }

  /** These effects and an output, which may take the place of some inputs. */
  Effects writes(String name, String... inPlaceOf) {
    return withOutput(new Output(name, Write.OVERWRITE, Set.of(inPlaceOf)));
  }

  /**
   * These effects and an output that is added to, or else overwritten. The latter may take the
   * place of some inputs; the former holds something else than they.
   */
  Effects addsOrWrites(boolean accumulate, String name, String... inPlaceOf) {
    return accumulate ? withOutput(new Output(name, Write.ADD, Set.of())) : writes(name, inPlaceOf);
  }

  /** These effects and outputs that are advanced to their next state. */
  Effects updates(String... names) {
    Effects effects = this;
    for (String name : names) {
      effects = effects.withOutput(new Output(name, Write.UPDATE, Set.of()));
    }
    return effects;
  }

  private Effects withInput(Input input) {
    return new Effects(Stream.concat(inputs.stream(), Stream.of(input)).toList(), outputs);
  }

  private Effects withOutput(Output output) {
    return new Effects(inputs, Stream.concat(outputs.stream(), Stream.of(output)).toList());
  }
}
