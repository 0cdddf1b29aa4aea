package org.lanewise.nn.tensorboard;

import java.util.List;
import java.util.Map;
import org.lanewise.nn.io.ProtobufWriter;

/** The messages of the plugin {@code hparams}: what a training was set to, and how it ended. */
final class HyperparametersMessage {
  static final String EXPERIMENT = "_hparams_/experiment";
  static final String START = "_hparams_/session_start_info";
  static final String END = "_hparams_/session_end_info";

  private static final int STRING = 1;
  private static final int BOOL = 2;
  private static final int FLOAT64 = 3;

  private static final int SUCCESS = 1;
  private static final int FAILURE = 2;

  private HyperparametersMessage() {}

  /**
   * Checks that all values are numbers, truth values or strings.
   *
   * @throws IllegalArgumentException with the one that is not
   */
  static void check(Map<String, ?> values) {
    values.forEach((name, value) -> {
      if (!(value instanceof Number || value instanceof Boolean || value instanceof String)) {
        throw new IllegalArgumentException(
            "hyperparameter '%s' must be a number, a boolean or a string but is %s"
                .formatted(name, value));
      }
    });
  }

  /** Which hyperparameters and metrics there are. */
  static ProtobufWriter experiment(Map<String, ?> values, List<String> metrics, double time) {
    ProtobufWriter experiment = new ProtobufWriter().float64(3, time);
    values.forEach((name, value) ->
        experiment.message(4, new ProtobufWriter().string(1, name).varint(4, type(value))));
    for (String metric : metrics) {
      ProtobufWriter name = new ProtobufWriter().string(2, metric);
      experiment.message(5, new ProtobufWriter().message(1, name));
    }
    return new ProtobufWriter().message(2, experiment);
  }

  private static int type(Object value) {
    return switch (value) {
      case String _ -> STRING;
      case Boolean _ -> BOOL;
      default -> FLOAT64;
    };
  }

  /** The values of a training that starts. */
  static ProtobufWriter start(Map<String, ?> values, double time) {
    ProtobufWriter start = new ProtobufWriter();
    values.forEach((name, value) ->
        start.message(1, new ProtobufWriter().string(1, name).message(2, value(value))));
    return new ProtobufWriter().message(3, start.float64(5, time));
  }

  /** The message {@code google.protobuf.Value}. */
  private static ProtobufWriter value(Object value) {
    ProtobufWriter message = new ProtobufWriter();
    return switch (value) {
      case Number number -> message.float64(2, number.doubleValue());
      case Boolean truth -> message.bool(4, truth);
      default -> message.string(3, value.toString());
    };
  }

  /** How a training ended. */
  static ProtobufWriter end(boolean success, double time) {
    ProtobufWriter end =
        new ProtobufWriter().varint(1, success ? SUCCESS : FAILURE).float64(2, time);
    return new ProtobufWriter().message(4, end);
  }
}
