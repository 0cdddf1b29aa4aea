package org.lanewise.nn.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.SequencedMap;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.ProtobufReader;
import org.lanewise.nn.io.RegularFile;
import org.lanewise.nn.io.StoredTensor;

/**
 * The weights of a model file.
 *
 * @param reader of its tensors
 * @param tensors the initializers of its graph by name
 * @param constants values of the nodes {@code Constant} by the names of their outputs
 * @param layers for those whose names the exporter made up, such as {@code onnx::MatMul_204}, the
 *     path of the layer whose product has it as its second factor
 */
record OnnxFile(
    Path file,
    TensorReader reader,
    SequencedMap<String, StoredTensor> tensors,
    SequencedMap<String, StoredTensor> constants,
    Map<String, String> layers) {
  private static final String MADE_UP = "onnx::";

  /**
   * Reads a file. The elements of all tensors take at most as much memory as the file does, beside
   * the file itself and the files that it names.
   *
   * @throws MalformedFileException if it is no such file, or damaged
   * @throws IOException if it cannot be read
   */
  static OnnxFile read(Path file, Arena arena) throws IOException {
    MemorySegment bytes = RegularFile.read(file, arena);
    TensorReader reader = new TensorReader(file, arena, bytes.byteSize());
    OnnxFile read =
        new OnnxFile(file, reader, new LinkedHashMap<>(), new LinkedHashMap<>(), new HashMap<>());
    boolean hasGraph = false;
    ProtobufReader model = new ProtobufReader(file, bytes);
    while (model.next()) {
      if (model.field() == 7) {
        hasGraph = true;
        read.addGraph(model.message());
      }
    }
    if (!hasGraph) {
      throw new MalformedFileException(file, "not an ONNX model: it has no graph");
    }
    return read;
  }

  private void addGraph(ProtobufReader graph) throws IOException {
    while (graph.next()) {
      switch (graph.field()) {
        case 1 -> addNode(graph.message());
        case 5 -> {
          TensorReader.Header header = reader.header(graph.bytes());
          Optional<StoredTensor> tensor = reader.read(header, graph.bytes());
          if (tensor.isPresent() && tensors.putIfAbsent(header.name(), tensor.get()) != null) {
            throw new MalformedFileException(
                file, "two tensors are called '%s'".formatted(header.name()));
          }
        }
        default -> {} // what does not matter for weights
      }
    }
  }

  private void addNode(ProtobufReader node) throws IOException {
    String type = "";
    String second = "";
    String output = "";
    int inputs = 0;
    MemorySegment attribute = MemorySegment.NULL;
    while (node.next()) {
      switch (node.field()) {
        case 1 -> second = ++inputs == 2 ? node.string() : second;
        case 2 -> output = output.isEmpty() ? node.string() : output;
        case 4 -> type = node.string();
        case 5 -> attribute = node.bytes();
        default -> {}
      }
    }
    if (type.equals("Constant")) {
      addConstant(output, new ProtobufReader(file, attribute));
    }
    int end = output.lastIndexOf('/');
    if (type.equals("MatMul") && second.startsWith(MADE_UP) && end > 0) {
      String path = output.substring(output.startsWith("/") ? 1 : 0, end);
      layers.putIfAbsent(second, path.replace('/', '.'));
    }
  }

  private void addConstant(String output, ProtobufReader attribute) throws IOException {
    while (attribute.next()) {
      if (attribute.field() == 5) {
        MemorySegment bytes = attribute.bytes();
        Optional<StoredTensor> value = reader.read(reader.header(bytes), bytes);
        value.ifPresent(tensor -> constants.put(output, tensor));
      }
    }
  }

  /**
   * The tensors under the names of their layers.
   *
   * @throws MalformedFileException if two have the same one
   */
  SequencedMap<String, StoredTensor> named() throws MalformedFileException {
    SequencedMap<String, StoredTensor> named = new LinkedHashMap<>();
    for (var entry : tensors.entrySet()) {
      String name = entry.getKey();
      StoredTensor tensor = entry.getValue();
      String layer = layers.get(name);
      if (layer != null && tensor.shape().rank() == 2) {
        tensor = reader.transposed(name, tensor);
        name = layer + ".weight";
      }
      if (named.putIfAbsent(name, tensor) != null) {
        throw new MalformedFileException(file, "two tensors are called '%s'".formatted(name));
      }
    }
    return named;
  }
}
