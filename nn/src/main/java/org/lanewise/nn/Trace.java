package org.lanewise.nn;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Op;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.plan.Graph;
import org.lanewise.nn.plan.Value;

/** Records what a model does to symbolic tensors. */
final class Trace {
  private static final StackWalker STACK = StackWalker.getInstance();

  private final Graph graph = new Graph();
  private final Map<Parameter, Value> parameters = new HashMap<>();

  Trace(Map<String, Parameter> named) {
    named.forEach((name, parameter) ->
        parameters.put(
            parameter, graph.parameter(name, new TensorType(DType.F32, parameter.shape()))));
  }

  Graph graph() {
    return graph;
  }

  Value value(Parameter parameter) {
    Value value = parameters.get(parameter);
    if (value == null) {
      throw new IllegalArgumentException(
          parameter + " is used but is not a component of the model" + callerLine());
    }
    return value;
  }

  Tensor apply(Op op, List<Value> inputs) {
    try {
      return new Tensor(this, graph.add(op, inputs).result());
    } catch (ShapeException mismatch) {
      throw new ShapeException(mismatch.getMessage() + " " + inputs + callerLine());
    }
  }

  /** An exception whose message ends with the line of the model. */
  ShapeException mismatch(String message) {
    return new ShapeException(message + callerLine());
  }

  /** The line of the model that applies the op: the first frame outside this package. */
  private static String callerLine() {
    String here = Trace.class.getPackageName();
    return STACK.walk(frames ->
        frames
            .filter(frame -> !packageName(frame.getClassName()).equals(here))
            .findFirst()
            .map(frame -> " at " + frame.toStackTraceElement())
            .orElse(""));
  }

  private static String packageName(String className) {
    return className.substring(0, Math.max(0, className.lastIndexOf('.')));
  }
}
