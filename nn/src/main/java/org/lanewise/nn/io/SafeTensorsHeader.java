package org.lanewise.nn.io;

import java.io.ByteArrayOutputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.op.DType;
import org.lanewise.kernels.op.Shape;
import org.lanewise.kernels.op.TensorType;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a safetensors file.
 *
 * @param metadata free text by key
 * @param entries where each tensor is, in the order of the data
 */
record SafeTensorsHeader(Map<String, String> metadata, SequencedMap<String, Entry> entries) {
  /** The format's own limit. */
  static final long MAX_BYTES = 100_000_000;

  private static final String METADATA = "__metadata__";
  private static final JsonFactory JSON =
      JsonFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build();

  /**
   * A tensor's place.
   *
   * @param begin first byte, counted from the end of the header
   * @param end byte after the last one
   */
  record Entry(TensorType type, long begin, long end) {}

  /** The header of tensors that are stored one after the other. */
  static SafeTensorsHeader of(
      Map<String, String> metadata, SequencedMap<String, SafeTensors.Tensor> tensors) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    long offset = 0;
    for (var tensor : tensors.entrySet()) {
      TensorType type = tensor.getValue().type();
      long end = offset + type.byteSize();
      entries.put(tensor.getKey(), new Entry(type, offset, end));
      offset = end;
    }
    return new SafeTensorsHeader(metadata, entries);
  }

  /** This header as JSON, padded with blanks so that the data starts on a multiple of 8. */
  byte[] toJson() {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), bytes)) {
      json.writeStartObject();
      if (!metadata.isEmpty()) {
        json.writeObjectPropertyStart(METADATA);
        metadata.forEach(json::writeStringProperty);
        json.writeEndObject();
      }
      entries.forEach((name, entry) -> write(json, name, entry));
      json.writeEndObject();
    }
    byte[] unpadded = bytes.toByteArray();
    byte[] padded = Arrays.copyOf(unpadded, Math.ceilDiv(unpadded.length, 8) * 8);
    Arrays.fill(padded, unpadded.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void write(JsonGenerator json, String name, Entry entry) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("dtype", entry.type.dtype().name());
    json.writeArrayPropertyStart("shape");
    for (int axis = 0; axis < entry.type.shape().rank(); axis++) {
      json.writeNumber(entry.type.shape().dimension(axis));
    }
    json.writeEndArray();
    json.writeArrayPropertyStart("data_offsets");
    json.writeNumber(entry.begin);
    json.writeNumber(entry.end);
    json.writeEndArray();
    json.writeEndObject();
  }

  /**
   * Parses and checks a header.
   *
   * @param dataBytes bytes of the file after the header
   * @throws MalformedFileException if it is malformed or does not fit the data
   */
  static SafeTensorsHeader parse(Path file, byte[] json, long dataBytes)
      throws MalformedFileException {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      Map<String, String> metadata = new LinkedHashMap<>();
      Map<String, Entry> entries = new LinkedHashMap<>();
      expect(file, parser, JsonToken.START_OBJECT);
      while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
        String name = parser.currentName();
        expect(file, parser, JsonToken.START_OBJECT);
        if (name.equals(METADATA)) {
          parseMetadata(file, parser, metadata);
        } else {
          entries.put(name, parseEntry(file, parser, name));
        }
      }
      if (parser.currentToken() != JsonToken.END_OBJECT || parser.nextToken() != null) {
        throw new MalformedFileException(file, "the header is not one JSON object");
      }
      return new SafeTensorsHeader(metadata, inOrderOfData(file, entries, dataBytes));
    } catch (JacksonException notJson) {
      throw new MalformedFileException(
          file, "the header is not valid JSON: " + notJson.getOriginalMessage());
    }
  }

  private static void parseMetadata(Path file, JsonParser parser, Map<String, String> metadata)
      throws MalformedFileException {
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String key = parser.currentName();
      expect(file, parser, JsonToken.VALUE_STRING);
      metadata.put(key, parser.getString());
    }
  }

  private static Entry parseEntry(Path file, JsonParser parser, String name)
      throws MalformedFileException {
    DType dtype = null;
    long[] shape = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      switch (parser.currentName()) {
        case "dtype" -> {
          expect(file, parser, JsonToken.VALUE_STRING);
          dtype = dtype(file, name, parser.getString());
        }
        case "shape" -> shape = parseNumbers(file, parser, name);
        case "data_offsets" -> offsets = parseNumbers(file, parser, name);
        default ->
            throw fault(file, name, "has an unknown property '" + parser.currentName() + "'");
      }
    }
    if (dtype == null || shape == null || offsets == null || offsets.length != 2) {
      throw fault(file, name, "lacks dtype, shape or two data_offsets");
    }
    TensorType type = new TensorType(dtype, shape(file, name, shape));
    if (offsets[0] < 0 || offsets[1] < offsets[0]) {
      throw fault(file, name, "has data_offsets " + Arrays.toString(offsets));
    }
    if (type.shape().size() > Long.MAX_VALUE / dtype.byteSize()
        || type.byteSize() != offsets[1] - offsets[0]) {
      throw fault(file, name, "is " + type + " but has data_offsets " + Arrays.toString(offsets));
    }
    return new Entry(type, offsets[0], offsets[1]);
  }

  private static DType dtype(Path file, String name, String dtype) throws MalformedFileException {
    return switch (dtype) {
      case "F32" -> DType.F32;
      case "I32" -> DType.I32;
      default -> throw fault(file, name, "has dtype " + dtype + "; F32 and I32 are supported");
    };
  }

  private static Shape shape(Path file, String name, long[] dimensions)
      throws MalformedFileException {
    try {
      return Shape.of(dimensions);
    } catch (IllegalArgumentException impossible) {
      throw fault(file, name, "has an impossible shape: " + impossible.getMessage());
    }
  }

  private static long[] parseNumbers(Path file, JsonParser parser, String name)
      throws MalformedFileException {
    expect(file, parser, JsonToken.START_ARRAY);
    List<Long> numbers = new ArrayList<>();
    while (parser.nextToken() == JsonToken.VALUE_NUMBER_INT) {
      if (parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER) {
        throw fault(file, name, "has a number beyond 64 bits");
      }
      numbers.add(parser.getLongValue());
    }
    if (parser.currentToken() != JsonToken.END_ARRAY) {
      throw fault(file, name, "has something other than integers in a shape or data_offsets");
    }
    return numbers.stream().mapToLong(Long::longValue).toArray();
  }

  private static SequencedMap<String, Entry> inOrderOfData(
      Path file, Map<String, Entry> entries, long dataBytes) throws MalformedFileException {
    SequencedMap<String, Entry> ordered = new LinkedHashMap<>();
    entries.entrySet().stream()
        .sorted(
            Map.Entry.comparingByValue(
                Comparator.comparingLong(Entry::begin).thenComparingLong(Entry::end)))
        .forEach(entry -> ordered.put(entry.getKey(), entry.getValue()));
    long end = 0;
    for (var tensor : ordered.entrySet()) {
      Entry entry = tensor.getValue();
      if (entry.begin != end) {
        throw fault(
            file,
            tensor.getKey(),
            "begins at byte %d where %d was expected: tensors overlap or leave a gap"
                .formatted(entry.begin, end));
      }
      end = entry.end;
    }
    if (end != dataBytes) {
      throw new MalformedFileException(
          file, "the header describes %d bytes of data, the file has %d".formatted(end, dataBytes));
    }
    return ordered;
  }

  private static void expect(Path file, JsonParser parser, JsonToken token)
      throws MalformedFileException {
    if (parser.nextToken() != token) {
      throw new MalformedFileException(
          file, "the header has %s where %s was expected".formatted(parser.currentToken(), token));
    }
  }

  private static MalformedFileException fault(Path file, String tensor, String fault) {
    return new MalformedFileException(file, "tensor '" + tensor + "' " + fault);
  }
}
