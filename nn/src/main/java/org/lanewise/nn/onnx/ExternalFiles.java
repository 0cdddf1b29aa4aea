package org.lanewise.nn.onnx;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.RegularFile;

/**
 * The files beside a model that have elements of its tensors. Each is read once, whole, so that a
 * model cannot ask for more memory than there are bytes.
 */
final class ExternalFiles {
  private final Path model;
  private final Arena arena;
  private final Map<Path, MemorySegment> files = new HashMap<>();

  ExternalFiles(Path model, Arena arena) {
    this.model = model;
    this.arena = arena;
  }

  /**
   * The elements of a tensor.
   *
   * @throws MalformedFileException if the file is not in the folder of the model, or below, or they
   *     are not in it
   * @throws IOException if the file cannot be read
   */
  MemorySegment read(TensorReader.Header tensor, OnnxType type) throws IOException {
    Path file = file(tensor);
    MemorySegment all = files.get(file);
    if (all == null) {
      all = RegularFile.read(file, arena);
      files.put(file, all);
    }
    try {
      long size = Math.multiplyExact(tensor.shape().size(), (long) type.stored().byteSize());
      long offset = Long.parseLong(tensor.external().getOrDefault("offset", "0"));
      String length = tensor.external().getOrDefault("length", Long.toString(size));
      return all.asSlice(offset, Long.parseLong(length));
    } catch (NumberFormatException | ArithmeticException | IndexOutOfBoundsException outside) {
      throw new MalformedFileException(
          model,
          "%s is not in the %,d bytes of %s: %s"
              .formatted(tensor, all.byteSize(), file.getFileName(), outside.getMessage()));
    }
  }

  private Path file(TensorReader.Header tensor) throws MalformedFileException {
    String location = tensor.external().getOrDefault("location", "");
    try {
      Path path = Path.of(location);
      boolean leadsOut = path.isAbsolute() || location.isEmpty();
      for (Path part : path) {
        leadsOut |= part.toString().equals("..");
      }
      if (leadsOut) {
        throw new InvalidPathException(location, "leads out of the model's folder");
      }
      return model.resolveSibling(path);
    } catch (InvalidPathException invalid) {
      throw new MalformedFileException(
          model, "%s names a file that %s".formatted(tensor, invalid.getMessage()));
    }
  }
}
