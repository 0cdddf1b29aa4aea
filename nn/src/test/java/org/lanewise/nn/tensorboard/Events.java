package org.lanewise.nn.tensorboard;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;

/** Reads event files, by definition and slowly, and shares no code with what writes them. */
final class Events {
  private Events() {}

  /** A message: the values of each field, numbers as longs and what has a length as bytes. */
  record Message(TreeMap<Integer, List<Object>> fields) {
    static Message of(byte[] bytes) {
      Message message = new Message(new TreeMap<>());
      ByteBuffer in = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
      while (in.hasRemaining()) {
        long key = varint(in);
        Object value =
            switch ((int) key & 7) {
              case 0 -> varint(in);
              case 1 -> in.getLong();
              case 2 -> {
                byte[] content = new byte[(int) varint(in)];
                in.get(content);
                yield content;
              }
              case 5 -> (long) in.getInt();
              default -> throw new IllegalArgumentException("wire type of key " + key);
            };
        message.fields.computeIfAbsent((int) (key >>> 3), _ -> new ArrayList<>()).add(value);
      }
      return message;
    }

    private static long varint(ByteBuffer in) {
      long value = 0;
      for (int shift = 0; ; shift += 7) {
        byte next = in.get();
        value |= (next & 0x7FL) << shift;
        if (next >= 0) {
          return value;
        }
      }
    }

    boolean has(int field) {
      return fields.containsKey(field);
    }

    List<Object> all(int field) {
      return fields.getOrDefault(field, List.of());
    }

    /** The only value of a field. */
    private Object one(int field) {
      if (all(field).size() != 1) {
        throw new IllegalArgumentException("field " + field + " of " + fields.keySet());
      }
      return all(field).getFirst();
    }

    long number(int field) {
      return (long) one(field);
    }

    double real(int field) {
      return Double.longBitsToDouble(number(field));
    }

    byte[] bytes(int field) {
      return (byte[]) one(field);
    }

    String text(int field) {
      return new String(bytes(field), UTF_8);
    }

    Message message(int field) {
      return of(bytes(field));
    }

    List<Message> messages(int field) {
      return all(field).stream().map(bytes -> of((byte[]) bytes)).toList();
    }

    List<String> texts(int field) {
      return all(field).stream().map(bytes -> new String((byte[]) bytes, UTF_8)).toList();
    }

    double[] doubles(int field) {
      ByteBuffer in = ByteBuffer.wrap(bytes(field)).order(ByteOrder.LITTLE_ENDIAN);
      double[] values = new double[in.remaining() / Double.BYTES];
      in.asDoubleBuffer().get(values);
      return values;
    }

    float floats(int field) {
      return ByteBuffer.wrap(bytes(field)).order(ByteOrder.LITTLE_ENDIAN).getFloat();
    }
  }

  /** The events of a file, whose checksums are right. */
  static List<Message> read(Path file) throws IOException {
    ByteBuffer in = ByteBuffer.wrap(Files.readAllBytes(file)).order(ByteOrder.LITTLE_ENDIAN);
    List<Message> events = new ArrayList<>();
    while (in.hasRemaining()) {
      byte[] length = new byte[8];
      in.get(length);
      check(length, in.getInt());
      byte[] content =
          new byte[(int) ByteBuffer.wrap(length).order(ByteOrder.LITTLE_ENDIAN).getLong()];
      in.get(content);
      check(content, in.getInt());
      events.add(Message.of(content));
    }
    return events;
  }

  private static void check(byte[] bytes, int masked) {
    int rotated = masked - 0xa282ead8;
    int checksum = rotated >>> 17 | rotated << 15;
    if (checksum != crc32c(bytes)) {
      throw new IllegalArgumentException("wrong checksum");
    }
  }

  /** The remainder by the polynomial of Castagnoli, bit by bit. */
  static int crc32c(byte[] bytes) {
    int remainder = -1;
    for (byte next : bytes) {
      remainder ^= next & 0xFF;
      for (int bit = 0; bit < 8; bit++) {
        remainder = remainder >>> 1 ^ ((remainder & 1) == 0 ? 0 : 0x82F63B78);
      }
    }
    return ~remainder;
  }

  /** The values of a summary of one value that some event has, in order. */
  static List<Message> values(List<Message> events, String tag) {
    return events.stream()
        .filter(event -> event.has(5))
        .map(event -> event.message(5).message(1))
        .filter(value -> value.text(1).equals(tag))
        .toList();
  }

  /** The steps of the events that have a value of that tag. */
  static List<Long> steps(List<Message> events, String tag) {
    return events.stream()
        .filter(event -> event.has(5) && event.message(5).message(1).text(1).equals(tag))
        .map(event -> event.number(2))
        .toList();
  }

  /** The files of a folder, in the order in which they are read. */
  static List<Path> files(Path folder) throws IOException {
    try (var files = Files.list(folder)) {
      return files.sorted().toList();
    }
  }
}
