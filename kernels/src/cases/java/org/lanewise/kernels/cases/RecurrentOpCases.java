package org.lanewise.kernels.cases;

import static org.lanewise.kernels.op.TensorType.f32;
import static org.lanewise.kernels.op.TensorType.i32;

import java.util.ArrayList;
import java.util.List;
import org.lanewise.kernels.op.RecurrentOp;
import org.lanewise.kernels.op.TensorType;

/** LSTM and GRU with any operands that are optional, states of less and of more than a vector. */
final class RecurrentOpCases {
  private static final boolean[] BOTH = {false, true};

  private final List<OpCase> cases;

  private RecurrentOpCases(List<OpCase> cases) {
    this.cases = cases;
  }

  static void addTo(List<OpCase> cases) {
    RecurrentOpCases recurrent = new RecurrentOpCases(cases);
    for (boolean reverse : BOTH) {
      for (boolean hasState : BOTH) {
        for (boolean hasLengths : BOTH) {
          recurrent.addAll(reverse, hasState, hasLengths, 3, 4, 19);
        }
      }
      recurrent.addAll(reverse, true, true, 1, 1, 1);
      recurrent.addAll(reverse, false, true, 9, 7, 140);
    }
    recurrent.addAll(false, true, false, 2, 0, 5);
    recurrent.addAll(true, true, true, 0, 3, 5);
    recurrent.addAll(false, true, true, 2, 3, 0);
  }

  private void addAll(
      boolean reverse, boolean hasState, boolean hasLengths, int batch, int time, int hidden) {
    add(new RecurrentOp.Lstm(reverse, hasState, hasLengths), batch, time, hidden);
    add(new RecurrentOp.Gru(reverse, hasState, hasLengths), batch, time, hidden);
    for (int missing = 0; missing <= 3; missing++) { // all gradients, or all but one
      add(
          new RecurrentOp.LstmBackward(
              reverse, hasState, hasLengths, missing != 1, missing != 2, missing != 3),
          batch,
          time,
          hidden);
      if (missing < 3) {
        add(
            new RecurrentOp.GruBackward(reverse, hasState, hasLengths, missing != 1, missing != 2),
            batch,
            time,
            hidden);
      }
    }
  }

  private void add(RecurrentOp op, long batch, long time, long hidden) {
    List<TensorType> inputs = new ArrayList<>();
    long columns = op.gates() * hidden;
    for (String name : op.inputs()) {
      inputs.add(
          switch (name) {
            case "gates", "activations" -> f32(batch, time, columns);
            case "weight" -> f32(columns, hidden);
            case "bias" -> f32(columns);
            case "lengths" -> i32(batch);
            case "y", "dy", "cells", "candidates" -> f32(batch, time, hidden);
            default -> f32(batch, hidden);
          });
    }
    cases.add(new OpCase(op, (int) time + 1, inputs));
  }
}
