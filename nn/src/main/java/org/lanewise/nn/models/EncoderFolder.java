package org.lanewise.nn.models;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.nn.io.MalformedFileException;

/**
 * Where a folder has the parts of a model: {@code config.json}, {@code model.safetensors} and a
 * tokenizer as they are published; or a model in the ONNX format, whose configuration may be absent
 * and whose name the tokenizer's may begin with.
 *
 * @param path the folder
 */
record EncoderFolder(Path path) {
  /**
   * A folder.
   *
   * @throws IOException if it is none
   */
  static EncoderFolder of(Path path) throws IOException {
    if (!Files.exists(path)) {
      throw new NoSuchFileException(path.toString(), null, "no such folder");
    }
    if (!Files.isDirectory(path)) {
      throw new NotDirectoryException(path.toString());
    }
    return new EncoderFolder(path);
  }

  Path configuration() {
    return path.resolve("config.json");
  }

  /** The file of the weights; its name tells the format. */
  Path weights() throws IOException {
    for (String name : List.of("model.safetensors", "model.onnx", "onnx/model.onnx")) {
      if (Files.exists(path.resolve(name))) {
        return path.resolve(name);
      }
    }
    return only("*.onnx", "model.safetensors or .onnx file");
  }

  /** The file of the tokenizer. */
  Path tokenizer() throws IOException {
    for (String name : List.of("tokenizer.json", "vocab.txt")) {
      if (Files.exists(path.resolve(name))) {
        return path.resolve(name);
      }
    }
    return only("*-tokenizer.json", "tokenizer.json or vocab.txt");
  }

  private Path only(String pattern, String what) throws IOException {
    List<Path> found = new ArrayList<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(path, pattern)) {
      files.forEach(found::add);
    }
    if (found.isEmpty()) {
      throw new NoSuchFileException(path.toString(), null, "the folder has no " + what);
    }
    if (found.size() > 1) {
      List<Path> names = found.stream().map(Path::getFileName).sorted().toList();
      throw new MalformedFileException(
          path, "the folder has several that could be its %s: %s".formatted(what, names));
    }
    return found.getFirst();
  }
}
