package org.lanewise.bench.gemm;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.lanewise.cli.UserException;
import org.lanewise.nn.io.RegularFile;

/**
 * A text file of shapes, {@code MxKxN} or {@code MxKxN TN} a line; {@code #} starts a comment. A
 * line that does not say which operands are transposed stands for one shape of each kind asked for.
 */
final class ShapesFile {
  private static final long MAX_BYTES = 1 << 20;
  private static final Pattern LINE =
      Pattern.compile("(\\d{1,7})[x×](\\d{1,7})[x×](\\d{1,7})(?:\\s+(NN|NT|TN|TT))?");

  private ShapesFile() {}

  static List<Shape> read(Path file, List<Trans> defaults) throws IOException {
    long size = RegularFile.size(file);
    if (size > MAX_BYTES) {
      throw new UserException(
          "%s: %,d bytes are more than the supported %,d".formatted(file, size, MAX_BYTES));
    }
    List<String> lines;
    try {
      lines = Files.readAllLines(file);
    } catch (CharacterCodingException _) {
      throw new UserException(file + ": is not a text file");
    }
    List<Shape> shapes = new ArrayList<>();
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i).replaceFirst("#.*", "").strip();
      if (!line.isEmpty()) {
        shapes.addAll(parse(line, defaults, file + ":" + (i + 1)));
      }
    }
    if (shapes.isEmpty()) {
      throw new UserException(file + ": has no shapes");
    }
    return shapes;
  }

  private static List<Shape> parse(String line, List<Trans> defaults, String where) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new UserException(
          "%s: '%s' is not MxKxN, alone or with NN, NT, TN or TT".formatted(where, line));
    }
    int m = size(matcher.group(1), where);
    int k = size(matcher.group(2), where);
    int n = size(matcher.group(3), where);
    List<Trans> kinds =
        matcher.group(4) == null ? defaults : List.of(Trans.valueOf(matcher.group(4)));
    return kinds.stream().map(trans -> Shape.dense(m, n, k, trans)).toList();
  }

  private static int size(String digits, String where) {
    int size = Integer.parseInt(digits);
    if (size < 1 || size > Shape.MAX_SIZE) {
      throw new UserException(
          "%s: sizes are 1 to %,d but here is %d".formatted(where, Shape.MAX_SIZE, size));
    }
    return size;
  }
}
