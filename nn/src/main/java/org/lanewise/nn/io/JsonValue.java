package org.lanewise.nn.io;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.StreamReadFeature;
import tools.jackson.core.json.JsonFactory;

/**
 * A value in a JSON file, which knows where it stands for the message when it is not what is asked
 * of it.
 *
 * @param path where it stands, empty for the file itself
 * @param value a map, list, string, number or truth value, or null
 */
public record JsonValue(Path file, String path, Object value) {
  /** Four times the largest tokenizer in use; what it says takes some ten times that in memory. */
  public static final long MAX_BYTES = 64 << 20;

  private static final int MAX_VALUES = 4 << 20;
  private static final int MAX_DEPTH = 32;

  private static final JsonFactory JSON =
      JsonFactory.builder()
          .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(MAX_DEPTH)
                  .maxNumberLength(100)
                  .maxNameLength((int) MAX_BYTES)
                  .maxStringLength((int) MAX_BYTES)
                  .build())
          .build();

  /**
   * The content of a file.
   *
   * @throws MalformedFileException if it is not JSON or too large
   * @throws IOException if it cannot be read
   */
  public static JsonValue read(Path file) throws IOException {
    long bytes = RegularFile.size(file);
    if (bytes > MAX_BYTES) {
      throw new MalformedFileException(
          file, "%d bytes are above the limit of %d".formatted(bytes, MAX_BYTES));
    }
    try (InputStream in = Files.newInputStream(file);
        Reader text = new InputStreamReader(in, UTF_8.newDecoder());
        JsonParser parser = JSON.createParser(ObjectReadContext.empty(), text)) {
      parser.nextToken();
      Object value = new TreeParser(file, parser).value();
      if (parser.nextToken() != null) {
        throw new MalformedFileException(file, "something stands behind the JSON value");
      }
      return new JsonValue(file, "", value);
    } catch (JacksonException notJson) {
      if (notJson.getCause() instanceof CharacterCodingException) {
        throw new MalformedFileException(file, "is not UTF-8");
      }
      throw new MalformedFileException(file, "is not valid JSON: " + notJson.getOriginalMessage());
    }
  }

  /** Reads values with what they hold; the parser bounds how deep they are. */
  private static final class TreeParser {
    private final Path file;
    private final JsonParser parser;
    private int values;

    TreeParser(Path file, JsonParser parser) {
      this.file = file;
      this.parser = parser;
    }

    private Object value() throws MalformedFileException {
      if (++values > MAX_VALUES) {
        throw new MalformedFileException(file, "has more than " + MAX_VALUES + " values");
      }
      return switch (parser.currentToken()) {
        case START_OBJECT -> {
          Map<String, Object> map = new LinkedHashMap<>();
          while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
            String name = parser.currentName();
            parser.nextToken();
            map.put(name, value());
          }
          yield map;
        }
        case START_ARRAY -> {
          List<Object> list = new ArrayList<>(2);
          while (parser.nextToken() != JsonToken.END_ARRAY) {
            list.add(value());
          }
          yield list;
        }
        case VALUE_STRING -> parser.getString();
        case VALUE_NUMBER_INT ->
            parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
                ? (Object) parser.getDoubleValue()
                : (Object) parser.getLongValue();
        case VALUE_NUMBER_FLOAT -> parser.getDoubleValue();
        case VALUE_TRUE -> true;
        case VALUE_FALSE -> false;
        case VALUE_NULL -> null;
        case null -> throw new MalformedFileException(file, "is empty or cut off");
        default ->
            throw new MalformedFileException(file, "has an unexpected " + parser.currentToken());
      };
    }
  }

  /**
   * An exception about this value, to be thrown.
   *
   * @param fault what is wrong with it, as in {@code "is -1 where …"}
   */
  public MalformedFileException fault(String fault) {
    return new MalformedFileException(file, path.isEmpty() ? fault : path + " " + fault);
  }

  /** An exception about this value, which is not what it should be. */
  private MalformedFileException isNot(String expected) {
    String kind =
        switch (value) {
          case null -> "missing";
          case Map<?, ?> _ -> "an object";
          case List<?> _ -> "an array";
          case String text -> "'" + text + "'";
          default -> value.toString();
        };
    return fault("is " + kind + " where " + expected + " was expected");
  }

  /** Whether there is nothing, or null. */
  public boolean isNull() {
    return value == null;
  }

  /** Whether it is a string. */
  public boolean isString() {
    return value instanceof String;
  }

  /** Whether it is an array. */
  public boolean isList() {
    return value instanceof List;
  }

  /**
   * What an object has under a name; {@linkplain #isNull null} if it has nothing.
   *
   * @throws MalformedFileException if this is no object
   */
  public JsonValue get(String name) throws MalformedFileException {
    if (!(value instanceof Map<?, ?> map)) {
      throw isNot("an object");
    }
    return new JsonValue(file, path.isEmpty() ? name : path + "." + name, map.get(name));
  }

  /**
   * The names of an object, in their order.
   *
   * @throws MalformedFileException if this is no object
   */
  public Set<String> names() throws MalformedFileException {
    if (!(value instanceof Map<?, ?> map)) {
      throw isNot("an object");
    }
    Set<String> names = new LinkedHashSet<>();
    map.keySet().forEach(name -> names.add((String) name));
    return names;
  }

  /**
   * The values of an array.
   *
   * @throws MalformedFileException if this is no array
   */
  public List<JsonValue> list() throws MalformedFileException {
    if (!(value instanceof List<?> list)) {
      throw isNot("an array");
    }
    List<JsonValue> values = new ArrayList<>(list.size());
    for (int i = 0; i < list.size(); i++) {
      values.add(new JsonValue(file, path + "[" + i + "]", list.get(i)));
    }
    return values;
  }

  /**
   * A string.
   *
   * @throws MalformedFileException if it is none
   */
  public String string() throws MalformedFileException {
    if (value instanceof String text) {
      return text;
    }
    throw isNot("a string");
  }

  /**
   * A string, or another one if there is nothing.
   *
   * @throws MalformedFileException if it is something else
   */
  public String string(String otherwise) throws MalformedFileException {
    return isNull() ? otherwise : string();
  }

  /**
   * A truth value.
   *
   * @throws MalformedFileException if it is none
   */
  public boolean truth() throws MalformedFileException {
    if (value instanceof Boolean truth) {
      return truth;
    }
    throw isNot("true or false");
  }

  /**
   * A truth value, or another one if there is nothing.
   *
   * @throws MalformedFileException if it is something else
   */
  public boolean truth(boolean otherwise) throws MalformedFileException {
    return isNull() ? otherwise : truth();
  }

  /**
   * An integer from 0 to a limit.
   *
   * @throws MalformedFileException if it is none
   */
  public int integer(int max) throws MalformedFileException {
    if (value instanceof Long number && number >= 0 && number <= max) {
      return number.intValue();
    }
    throw isNot("an integer from 0 to " + max);
  }

  /**
   * A number.
   *
   * @throws MalformedFileException if it is none
   */
  public double number() throws MalformedFileException {
    if (value instanceof Number number) {
      return number.doubleValue();
    }
    throw isNot("a number");
  }
}
