package org.lanewise.nn.train;

import java.util.Locale;

/** Numbers with decimal prefixes, as in {@code 308 MFLOP}. */
final class Units {
  private static final String PREFIXES = " kMGTPE";

  private Units() {}

  static String of(long value, String unit) {
    double scaled = value;
    int prefix = 0;
    while (scaled >= 999.5 && prefix < PREFIXES.length() - 1) {
      scaled /= 1000;
      prefix++;
    }
    String number =
        String.format(Locale.ROOT, scaled < 9.95 && prefix > 0 ? "%.1f" : "%.0f", scaled);
    return (number + " " + PREFIXES.substring(prefix, prefix + 1).strip() + unit).strip();
  }
}
