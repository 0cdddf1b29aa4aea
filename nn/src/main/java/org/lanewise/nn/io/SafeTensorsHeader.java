package org.lanewise.nn.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import org.lanewise.kernels.op.Shape;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * The JSON header of a safetensors file.
 *
 * @param metadata free text by key
 * @param entries where each tensor is, in the order of the data
 */
record SafeTensorsHeader(Map<String, String> metadata, SequencedMap<String, Entry> entries) {
  /**
   * Room for more than 100,000 tensors. The format allows 100 MB, but what a header says takes up
   * to 20 times its size in memory.
   */
  static final long MAX_BYTES = 16 << 20;

  private static final String METADATA = "__metadata__";

  /** No name or text is too long that fits into a header. */
  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNameLength((int) MAX_BYTES)
                  .maxStringLength((int) MAX_BYTES)
                  .build())
          .build();

  /**
   * A tensor's place.
   *
   * @param begin first byte, counted from the end of the header
   * @param end byte after the last one
   */
  record Entry(StoredType type, Shape shape, long begin, long end) {}

  /**
   * A header that other readers of the format understand, whether it was read or is to be written.
   *
   * @throws IllegalArgumentException if a tensor has the name of the metadata, or a text is null or
   *     is not Unicode
   */
  SafeTensorsHeader {
    for (String name : entries.keySet()) {
      requireUnicode("name '" + name + "'", name);
      if (name.equals(METADATA)) {
        throw new IllegalArgumentException("no tensor may be named " + METADATA);
      }
    }
    metadata.forEach((key, text) -> {
      requireUnicode("metadata key '" + key + "'", key);
      requireUnicode("metadata '" + key + "'", text);
    });
  }

  private static void requireUnicode(String what, String text) {
    if (text == null) {
      throw new IllegalArgumentException(what + " is null");
    }
    if (!UTF_8.newEncoder().canEncode(text)) {
      throw new IllegalArgumentException(what + " has a surrogate without its other half");
    }
  }

  /** The header of tensors that are stored one after the other. */
  static SafeTensorsHeader of(
      Map<String, String> metadata, SequencedMap<String, StoredTensor> tensors) {
    SequencedMap<String, Entry> entries = new LinkedHashMap<>();
    long offset = 0;
    for (var tensor : tensors.entrySet()) {
      StoredTensor stored = tensor.getValue();
      long end = offset + stored.data().byteSize();
      entries.put(tensor.getKey(), new Entry(stored.type(), stored.shape(), offset, end));
      offset = end;
    }
    return new SafeTensorsHeader(metadata, entries);
  }

  /**
   * This header as JSON, padded with blanks so that the data starts on a multiple of 8.
   *
   * @throws IllegalArgumentException if it has more than {@link #MAX_BYTES}
   */
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
    if (bytes.size() > MAX_BYTES) {
      throw new IllegalArgumentException(
          "the header of %d bytes is above the limit of %d".formatted(bytes.size(), MAX_BYTES));
    }
    byte[] unpadded = bytes.toByteArray();
    byte[] padded = Arrays.copyOf(unpadded, Math.ceilDiv(unpadded.length, 8) * 8);
    Arrays.fill(padded, unpadded.length, padded.length, (byte) ' ');
    return padded;
  }

  private static void write(JsonGenerator json, String name, Entry entry) {
    json.writeObjectPropertyStart(name);
    json.writeStringProperty("dtype", entry.type.name());
    json.writeArrayPropertyStart("shape");
    for (int axis = 0; axis < entry.shape.rank(); axis++) {
      json.writeNumber(entry.shape.dimension(axis));
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
    if (json[0] != '{') {
      throw new MalformedFileException(file, "the header does not begin with '{'");
    }
    Map<String, String> metadata = new LinkedHashMap<>();
    Map<String, Entry> entries = new LinkedHashMap<>();
    Reader text = new InputStreamReader(new ByteArrayInputStream(json), UTF_8.newDecoder());
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
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
    } catch (JacksonException notJson) {
      throw new MalformedFileException(
          file,
          notJson.getCause() instanceof CharacterCodingException
              ? "the header is not UTF-8"
              : "the header is not valid JSON: " + notJson.getOriginalMessage());
    }
    SequencedMap<String, Entry> ordered = inOrderOfData(file, entries, dataBytes);
    try {
      return new SafeTensorsHeader(metadata, ordered);
    } catch (IllegalArgumentException impossible) {
      throw new MalformedFileException(file, impossible.getMessage());
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
    StoredType type = null;
    long[] dimensions = null;
    long[] offsets = null;
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      switch (parser.currentName()) {
        case "dtype" -> {
          expect(file, parser, JsonToken.VALUE_STRING);
          type = type(file, name, parser.getString());
        }
        case "shape" -> dimensions = parseNumbers(file, parser, name);
        case "data_offsets" -> offsets = parseNumbers(file, parser, name);
        default ->
            throw fault(file, name, "has an unknown property '" + parser.currentName() + "'");
      }
    }
    if (type == null || dimensions == null || offsets == null || offsets.length != 2) {
      throw fault(file, name, "lacks dtype, shape or two data_offsets");
    }
    Shape shape = shape(file, name, dimensions);
    if (offsets[0] < 0 || offsets[1] < offsets[0]) {
      throw fault(file, name, "has data_offsets " + Arrays.toString(offsets));
    }
    if (shape.size() > Long.MAX_VALUE / type.byteSize()
        || shape.size() * type.byteSize() != offsets[1] - offsets[0]) {
      throw fault(
          file, name, "is " + type + shape + " but has data_offsets " + Arrays.toString(offsets));
    }
    return new Entry(type, shape, offsets[0], offsets[1]);
  }

  private static StoredType type(Path file, String name, String dtype)
      throws MalformedFileException {
    return StoredType.named(dtype)
        .orElseThrow(() -> fault(file, name, "has dtype " + dtype + ", which is not supported"));
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
