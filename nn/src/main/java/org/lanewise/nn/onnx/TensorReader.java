package org.lanewise.nn.onnx;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_LONG_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_SHORT_UNALIGNED;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.lanewise.kernels.op.Shape;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.ProtobufReader;
import org.lanewise.nn.io.StoredTensor;

/** Reads the tensors of a model file ({@code TensorProto}), however they are stored. */
final class TensorReader {
  private static final int DIMS = 1;
  private static final int DATA_TYPE = 2;
  private static final int SEGMENT = 3;
  private static final int FLOATS = 4;
  private static final int INTS = 5;
  private static final int LONGS = 7;
  private static final int NAME = 8;
  private static final int RAW = 9;
  private static final int DOUBLES = 10;
  private static final int EXTERNAL_DATA = 13;
  private static final int DATA_LOCATION = 14;
  private static final int MAX_RANK = 64;

  /** Small tensors are decoded in any case, as indices are that files have as integers. */
  private static final long LEAST_ROOM = 1 << 16;

  private final Path file;
  private final Arena arena;
  private final ExternalFiles externalFiles;
  private long room;

  /**
   * A reader of a file's tensors.
   *
   * @param room bytes that elements may take that are not used as the file has them
   */
  TensorReader(Path file, Arena arena, long room) {
    this.file = file;
    this.arena = arena;
    externalFiles = new ExternalFiles(file, arena);
    this.room = Math.max(LEAST_ROOM, room);
  }

  /**
   * What a tensor says of itself.
   *
   * @param type number of its element type
   * @param external where its data is in another file, by the format's keys; empty if it is here
   */
  record Header(String name, long type, Shape shape, Map<String, String> external) {
    @Override
    public String toString() {
      return "tensor '%s'".formatted(name);
    }
  }

  Header header(MemorySegment bytes) throws MalformedFileException {
    String name = "";
    long type = 0;
    boolean isExternal = false;
    List<Long> dimensions = new ArrayList<>();
    Map<String, String> entries = new HashMap<>();
    ProtobufReader tensor = new ProtobufReader(file, bytes);
    while (tensor.next()) {
      switch (tensor.field()) {
        case NAME -> name = tensor.string();
        case DATA_TYPE -> type = tensor.varint();
        case DIMS -> addDimensions(tensor, dimensions);
        case DATA_LOCATION -> isExternal = tensor.varint() == 1;
        case EXTERNAL_DATA -> addEntry(tensor.message(), entries);
        case SEGMENT -> throw malformed("a tensor in segments is not supported");
        default -> {}
      }
    }
    try {
      Shape shape = Shape.of(dimensions.stream().mapToLong(Long::longValue).toArray());
      return new Header(name, type, shape, isExternal ? entries : Map.of());
    } catch (IllegalArgumentException impossible) {
      throw malformed("tensor '%s': %s".formatted(name, impossible.getMessage()));
    }
  }

  private void addDimensions(ProtobufReader tensor, List<Long> dimensions)
      throws MalformedFileException {
    tensor.varints(length -> {
      if (dimensions.size() <= MAX_RANK) {
        dimensions.add(length);
      }
    });
    if (dimensions.size() > MAX_RANK) {
      throw malformed("a tensor of more than %d axes".formatted(MAX_RANK));
    }
  }

  private static void addEntry(ProtobufReader entry, Map<String, String> entries)
      throws MalformedFileException {
    String key = "";
    String value = "";
    while (entry.next()) {
      switch (entry.field()) {
        case 1 -> key = entry.string();
        case 2 -> value = entry.string();
        default -> {}
      }
    }
    entries.put(key, value);
  }

  /**
   * A tensor with its elements; nothing if it is of a type that no tensor has here, as text is.
   *
   * @throws MalformedFileException if it has more or fewer elements than its shape
   * @throws IOException if a file that it names cannot be read
   */
  Optional<StoredTensor> read(Header header, MemorySegment bytes) throws IOException {
    OnnxType type = OnnxType.numbered(header.type).orElse(null);
    if (type == null) {
      return Optional.empty();
    }
    MemorySegment data =
        header.external.isEmpty() ? inner(header, type, bytes) : externalFiles.read(header, type);
    try {
      return Optional.of(new StoredTensor(type.stored(), header.shape, data));
    } catch (IllegalArgumentException | ArithmeticException otherSize) {
      throw malformed("%s: %s".formatted(header, otherSize.getMessage()));
    }
  }

  /** The elements as the file has them, if they lie there in order, or else decoded. */
  private MemorySegment inner(Header header, OnnxType type, MemorySegment bytes)
      throws MalformedFileException {
    int numbers =
        switch (type) {
          case FLOAT -> FLOATS;
          case DOUBLE -> DOUBLES;
          case INT64 -> LONGS;
          case UINT8, INT8, INT16, INT32, BOOL, FLOAT16, BFLOAT16 -> INTS;
        };
    boolean isInOrder = type == OnnxType.FLOAT || type == OnnxType.DOUBLE;
    MemorySegment found = MemorySegment.NULL;
    long[] count = {0};
    ProtobufReader tensor = new ProtobufReader(file, bytes);
    while (tensor.next()) {
      if (tensor.field() == RAW || tensor.field() == numbers && isInOrder && tensor.hasLength()) {
        if (found != MemorySegment.NULL) {
          throw malformed("%s has its elements in several parts".formatted(header));
        }
        found = tensor.bytes();
      } else if (tensor.field() == numbers && isInOrder) {
        throw malformed("%s has elements that are not packed".formatted(header));
      } else if (tensor.field() == numbers) {
        tensor.varints(_ -> count[0]++);
      }
    }
    if (found == MemorySegment.NULL && count[0] > 0) {
      return decoded(header, type, numbers, count[0], bytes);
    }
    return found;
  }

  private MemorySegment decoded(
      Header header, OnnxType type, int numbers, long count, MemorySegment bytes)
      throws MalformedFileException {
    int size = type.stored().byteSize();
    MemorySegment elements = allocate(header.toString(), count * size);
    long[] next = {0};
    ProtobufReader tensor = new ProtobufReader(file, bytes);
    while (tensor.next()) {
      if (tensor.field() == numbers) {
        tensor.varints(element -> set(elements, size, next[0]++, element));
      }
    }
    return elements;
  }

  private static void set(MemorySegment elements, int size, long index, long element) {
    switch (size) {
      case 1 -> elements.set(JAVA_BYTE, index, (byte) element);
      case 2 -> elements.setAtIndex(JAVA_SHORT_UNALIGNED, index, (short) element);
      case 4 -> elements.setAtIndex(JAVA_INT_UNALIGNED, index, (int) element);
      default -> elements.setAtIndex(JAVA_LONG_UNALIGNED, index, element);
    }
  }

  /**
   * Memory for elements.
   *
   * @throws MalformedFileException if they would take more than the file does
   */
  private MemorySegment allocate(String what, long bytes) throws MalformedFileException {
    if (bytes > room) {
      throw malformed(
          "%s would take %,d bytes, and %,d are left of those of the file"
              .formatted(what, bytes, room));
    }
    room -= bytes;
    return arena.allocate(bytes, 64);
  }

  /** The matrix [columns, rows] of a matrix. */
  StoredTensor transposed(String name, StoredTensor matrix) throws MalformedFileException {
    long rows = matrix.shape().dimension(0);
    long columns = matrix.shape().dimension(1);
    int size = matrix.type().byteSize();
    MemorySegment x = matrix.data();
    MemorySegment y = allocate("tensor '%s'".formatted(name), x.byteSize());
    for (long i = 0; i < rows; i++) {
      for (long j = 0; j < columns; j++) {
        long from = i * columns + j;
        long to = j * rows + i;
        switch (size) {
          case 1 -> y.set(JAVA_BYTE, to, x.get(JAVA_BYTE, from));
          case 2 ->
              y.setAtIndex(JAVA_SHORT_UNALIGNED, to, x.getAtIndex(JAVA_SHORT_UNALIGNED, from));
          case 4 -> y.setAtIndex(JAVA_INT_UNALIGNED, to, x.getAtIndex(JAVA_INT_UNALIGNED, from));
          default -> y.setAtIndex(JAVA_LONG_UNALIGNED, to, x.getAtIndex(JAVA_LONG_UNALIGNED, from));
        }
      }
    }
    return new StoredTensor(matrix.type(), Shape.of(columns, rows), y);
  }

  private MalformedFileException malformed(String fault) {
    return new MalformedFileException(file, fault);
  }
}
