package org.lanewise.nn;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/** Inputs that are nearly right, for readers: the right one with a few faults. */
public final class Damage {
  private static final Pattern NUMBER = Pattern.compile("-?\\d+(\\.\\d+)?");
  private static final List<String> NUMBERS =
      List.of(
          "0",
          "1",
          "-1",
          "7",
          "-5",
          "16",
          "2147483647",
          "2147483648",
          "4294967296",
          "999999999999",
          "4611686018427387904",
          "9223372036854775807",
          "9223372036854775808",
          "-9223372036854775808",
          "1e300",
          "-1e300",
          "1e999",
          "NaN",
          "Infinity",
          "0x10",
          "",
          "null");
  private static final String MARKS = "{}[]\":,; \\\0\n\t\u00ff";

  private Damage() {}

  /** A copy with one to three faults, which the random numbers decide. */
  public static byte[] of(byte[] whole, SplittableRandom random) {
    byte[] damaged = whole;
    for (int faults = random.nextInt(1, 4); faults > 0; faults--) {
      damaged = once(damaged, random);
    }
    return damaged;
  }

  private static byte[] once(byte[] whole, SplittableRandom random) {
    if (whole.length == 0) {
      return new byte[] {(byte) random.nextInt()};
    }
    int at = random.nextInt(whole.length);
    int to = Math.min(whole.length, at + random.nextInt(1, 32));
    byte[] copy = whole.clone();
    switch (random.nextInt(8)) {
      case 0 -> copy[at] ^= (byte) (1 << random.nextInt(8));
      case 1 -> copy[at] = (byte) random.nextInt();
      case 2 -> copy[at] = (byte) MARKS.charAt(random.nextInt(MARKS.length()));
      case 3 -> {
        return Arrays.copyOf(whole, at);
      }
      case 4 -> {
        return join(whole, at, new byte[0], to); // left out
      }
      case 5 -> {
        return join(whole, to, Arrays.copyOfRange(whole, at, to), to); // twice
      }
      default -> {
        return otherNumber(whole, random);
      }
    }
    return copy;
  }

  private static byte[] otherNumber(byte[] whole, SplittableRandom random) {
    List<MatchResult> numbers = NUMBER.matcher(new String(whole, ISO_8859_1)).results().toList();
    if (numbers.isEmpty()) {
      return whole;
    }
    MatchResult number = numbers.get(random.nextInt(numbers.size()));
    String other = NUMBERS.get(random.nextInt(NUMBERS.size()));
    return join(whole, number.start(), other.getBytes(ISO_8859_1), number.end());
  }

  /** The bytes before {@code end}, those in between and the ones from {@code start} on. */
  private static byte[] join(byte[] whole, int end, byte[] between, int start) {
    byte[] joined = Arrays.copyOf(whole, end + between.length + whole.length - start);
    System.arraycopy(between, 0, joined, end, between.length);
    System.arraycopy(whole, start, joined, end + between.length, whole.length - start);
    return joined;
  }
}
