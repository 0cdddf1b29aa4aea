package org.lanewise.nn.models;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.StoredTensor;

/** The tensors of published encoders, whose names depend on what they were published with. */
final class EncoderTensors {
  /** Of the encoder in a model that has a head on it. */
  private static final List<String> PREFIXES = List.of("bert.", "roberta.", "distilbert.");

  private static final List<String> PARTS =
      List.of("embeddings.", "encoder.", "transformer.", "pooler.");

  /** Numbers from 0 on, and zeros, which some versions of the library store. */
  private static final List<String> COUNTED =
      List.of("embeddings.position_ids", "embeddings.token_type_ids");

  private EncoderTensors() {}

  /**
   * The tensors by the names that an encoder's parameters have.
   *
   * @throws MalformedFileException if two of them have the same name then
   */
  static SequencedMap<String, StoredTensor> named(
      Path file, SequencedMap<String, StoredTensor> tensors) throws MalformedFileException {
    SequencedMap<String, StoredTensor> named = new LinkedHashMap<>();
    for (var tensor : tensors.entrySet()) {
      String name = name(tensor.getKey());
      if (named.putIfAbsent(name, tensor.getValue()) != null) {
        throw new MalformedFileException(file, "two tensors are '%s'".formatted(name));
      }
    }
    return named;
  }

  private static String name(String name) {
    for (String prefix : PREFIXES) {
      if (name.startsWith(prefix)) {
        return name(name.substring(prefix.length()));
      }
    }
    String ending = name.substring(name.lastIndexOf('.') + 1);
    return switch (ending) { // those of norms in files of the first years
      case "gamma" -> name.substring(0, name.length() - ending.length()) + "weight";
      case "beta" -> name.substring(0, name.length() - ending.length()) + "bias";
      default -> name;
    };
  }

  /** Whether an encoder can do without a tensor: it belongs to a head, or is known anyway. */
  static boolean isOther(String name) {
    return COUNTED.contains(name) || PARTS.stream().noneMatch(name::startsWith);
  }

  /** Whether there is a pooler. */
  static boolean hasPooler(SequencedMap<String, StoredTensor> tensors) {
    return tensors.keySet().stream().anyMatch(name -> name.startsWith("pooler."));
  }
}
