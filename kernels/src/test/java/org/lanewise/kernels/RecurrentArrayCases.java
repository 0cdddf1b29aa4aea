package org.lanewise.kernels;

import static org.lanewise.kernels.ArraysTest.floats;
import static org.lanewise.kernels.ArraysTest.labels;

import java.util.stream.Stream;
import org.lanewise.kernels.ArraysTest.Case;
import org.lanewise.kernels.op.RecurrentShape;

/** Calls of recurrent layers for {@link ArraysTest}. */
final class RecurrentArrayCases {
  private RecurrentArrayCases() {}

  static Stream<Case> of(int batch, int time, int hidden, boolean reverse) {
    RecurrentShape shape = new RecurrentShape(batch, time, hidden, reverse);
    int state = batch * hidden;
    int states = state * time;
    int[] lengths = labels(batch, time + 1);
    return Stream.of(
        new Case(
            "Recurrent",
            "lstm",
            shape,
            floats(4 * states, 1),
            floats(4 * hidden * hidden, 2),
            floats(4 * hidden, 3),
            floats(state, 4),
            floats(state, 5),
            lengths,
            floats(states, 6),
            floats(state, 7),
            floats(state, 8),
            floats(4 * states, 9),
            floats(states, 10)),
        new Case(
            "Recurrent",
            "lstmBackward",
            shape,
            floats(4 * states, 1),
            floats(states, 2),
            floats(states, 3),
            floats(4 * hidden * hidden, 4),
            floats(state, 5),
            floats(state, 6),
            lengths,
            floats(states, 7),
            floats(state, 8),
            floats(state, 9),
            floats(4 * states, 10),
            floats(state, 11),
            floats(state, 12),
            floats(states, 13)),
        new Case(
            "Recurrent",
            "gru",
            shape,
            floats(3 * states, 1),
            floats(3 * hidden * hidden, 2),
            floats(3 * hidden, 3),
            floats(state, 4),
            lengths,
            floats(states, 5),
            floats(state, 6),
            floats(3 * states, 7),
            floats(states, 8)),
        new Case(
            "Recurrent",
            "gruBackward",
            shape,
            floats(3 * states, 1),
            floats(states, 2),
            floats(states, 3),
            floats(3 * hidden * hidden, 4),
            floats(state, 5),
            lengths,
            floats(states, 6),
            floats(state, 7),
            floats(3 * states, 8),
            floats(3 * states, 9),
            floats(state, 10),
            floats(states, 11)));
  }
}
