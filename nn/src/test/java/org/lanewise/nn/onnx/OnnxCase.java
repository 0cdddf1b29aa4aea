package org.lanewise.nn.onnx;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.UnaryOperator;
import org.lanewise.kernels.op.TensorType;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;

/**
 * A function that is exported at the sizes of a signature, and runs at others.
 *
 * @param below what integers of an input are less than, by its name; 2 unless said otherwise
 * @param others signatures of other sizes
 */
record OnnxCase(
    String name,
    Record model,
    Function<Tensors, Tensors> function,
    Signature signature,
    OnnxOptions options,
    Map<String, Integer> below,
    List<Signature> others) {
  /** A model without parameters. */
  record Nothing() {}

  /** A function of x alone, of any batch. */
  static OnnxCase of(
      String name, Record model, UnaryOperator<Tensor> function, long... dimensions) {
    return ofAll(
        name,
        model,
        in -> Tensors.of("y", function.apply(in.get("x"))),
        Signature.of("x", TensorType.f32(dimensions)));
  }

  /** A function of any batch. */
  static OnnxCase ofAll(
      String name, Record model, Function<Tensors, Tensors> function, Signature signature) {
    OnnxCase one =
        new OnnxCase(name, model, function, signature, OnnxOptions.DEFAULT, Map.of(), List.of());
    return one.at(1, 0).at(5, 0);
  }

  /** The same function, whose axis 1 may vary in some inputs. */
  OnnxCase withTime(String... inputs) {
    OnnxOptions timed = options;
    for (String input : inputs) {
      timed = timed.dynamic(input, 1, "time");
    }
    OnnxCase one = new OnnxCase(name, model, function, signature, timed, below, List.of());
    return one.at(1, 1).at(4, 9).at(3, 2);
  }

  OnnxCase withOptions(OnnxOptions other, List<Signature> others) {
    return new OnnxCase(name, model, function, signature, other, below, others);
  }

  OnnxCase withBelow(String input, int bound) {
    Map<String, Integer> more = new LinkedHashMap<>(below);
    more.put(input, bound);
    return new OnnxCase(name, model, function, signature, options, more, others);
  }

  /** The same function, also tried with a batch and a time, if that may vary. */
  private OnnxCase at(long batch, long time) {
    SequencedMap<String, TensorType> types = new LinkedHashMap<>(signature.types());
    types.replaceAll((input, type) -> {
      TensorType sized = type;
      if (type.shape().rank() > 0) {
        sized = new TensorType(type.dtype(), type.shape().withDimension(0, batch));
      }
      return options.axes().containsKey(new OnnxOptions.Axis(input, 1))
          ? new TensorType(type.dtype(), sized.shape().withDimension(1, time))
          : sized;
    });
    List<Signature> more = new ArrayList<>(others);
    more.add(new Signature(types));
    return new OnnxCase(name, model, function, signature, options, below, more);
  }

  @Override
  public String toString() {
    return name;
  }
}
