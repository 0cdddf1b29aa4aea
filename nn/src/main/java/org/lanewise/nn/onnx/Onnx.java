package org.lanewise.nn.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.function.UnaryOperator;
import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.Signature;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.weights.MismatchedWeightsException;
import org.lanewise.nn.weights.Weights;

/**
 * Models in the ONNX format, which other runtimes run: <a
 * href="https://onnx.ai">https://onnx.ai</a>, operators of version 17.
 */
public final class Onnx {
  private Onnx() {}

  /**
   * Exports a function for any batch, with {@link OnnxOptions#DEFAULT}.
   *
   * @see #export(Weights, Function, Signature, Path, OnnxOptions)
   */
  public static void export(
      Weights weights, Function<Tensors, Tensors> function, Signature signature, Path file)
      throws IOException {
    export(weights, function, signature, file, OnnxOptions.DEFAULT);
  }

  /**
   * Exports what a function computes in inference, with the weights as they are. Parameters keep
   * their names and shapes, inputs and outputs their names. States of a session, such as the keys
   * and values of a text, become inputs, and what replaces them outputs whose names end with {@code
   * .next}.
   *
   * <p>The function is called several times, at other lengths of those axes that may vary.
   *
   * @param weights initialized or loaded
   * @param function from inputs to outputs, both by name
   * @param signature names and types of the inputs
   * @param file is written whole or not at all
   * @throws IllegalArgumentException if the function has ops that ONNX does not have, or that
   *     belong to training; or if a length cannot vary that is to; the message says which
   * @throws ShapeException if shapes do not fit
   * @throws IllegalStateException if the weights have no elements
   * @throws IOException if writing fails
   */
  public static void export(
      Weights weights,
      Function<Tensors, Tensors> function,
      Signature signature,
      Path file,
      OnnxOptions options)
      throws IOException {
    TracedGraphs traces = SampledSizes.trace(weights.components(), function, signature, options);
    OnnxExporter.export(traces, weights, options.metadata()).write(file, options.externalData());
  }

  /**
   * Reads the weights of a model, by name and as the file has them. A weight of a linear layer that
   * an exporter has called {@code onnx::MatMul_204}, say, gets the name of the layer whose product
   * it belongs to, as in {@code encoder.layer.0.attention.self.query.weight}, and the layout
   * [outputs, inputs] that it has here.
   *
   * <p>The elements are in memory of the arena. They take as much as the file, and at most as much
   * again for those that are transposed or that the file has in another form. Tensors of types that
   * {@link StoredTensor} does not have are left out.
   *
   * @throws MalformedFileException if it is no such file, or damaged, or has two weights of a name
   * @throws IOException if it cannot be read, or a file that it names
   */
  public static SequencedMap<String, StoredTensor> read(Path file, Arena arena) throws IOException {
    return OnnxFile.read(file, arena).named();
  }

  /**
   * Reads the constants in the graph of a model, as its operators {@code Constant} have them: what
   * an exporter has worked into it beside the weights, such as the number of heads of attention.
   *
   * @return in the order of the graph, under the names of the operators' outputs, as in {@code
   *     /encoder/layer.0/attention/self/Constant_6_output_0}; in memory of the arena
   * @throws MalformedFileException if it is no such file, or damaged
   * @throws IOException if it cannot be read, or a file that it names
   */
  public static SequencedMap<String, StoredTensor> constants(Path file, Arena arena)
      throws IOException {
    return OnnxFile.read(file, arena).constants();
  }

  /**
   * Loads all parameters and states from a model that {@link #export} has written.
   *
   * @see #load(Weights, Path, UnaryOperator, Predicate)
   */
  public static Weights load(Weights weights, Path file) throws IOException {
    return load(weights, file, UnaryOperator.identity(), _ -> false);
  }

  /**
   * Loads all parameters and states from a model, converted to f32.
   *
   * @param rename from the names that {@link #read} gives to those of the weights
   * @param ignored renamed tensors that need not be in the weights, such as other constants
   * @return the weights
   * @throws MalformedFileException as {@link #read}, or if two tensors get the same name
   * @throws MismatchedWeightsException if the tensors are not those of the weights
   * @throws IOException if it cannot be read, or a file that it names
   */
  public static Weights load(
      Weights weights, Path file, UnaryOperator<String> rename, Predicate<String> ignored)
      throws IOException {
    try (Arena arena = Arena.ofShared()) {
      Map<String, StoredTensor> renamed = new LinkedHashMap<>();
      for (var tensor : read(file, arena).entrySet()) {
        String name = rename.apply(tensor.getKey());
        if (renamed.putIfAbsent(name, tensor.getValue()) != null) {
          throw new MalformedFileException(file, "two tensors are renamed '%s'".formatted(name));
        }
      }
      return weights.load(file, renamed, ignored);
    }
  }
}
