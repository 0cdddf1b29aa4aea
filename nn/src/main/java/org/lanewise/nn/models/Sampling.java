package org.lanewise.nn.models;

import java.util.Arrays;
import org.lanewise.kernels.op.Ranges;

/**
 * How the next token is chosen from logits: with the probabilities {@code softmax(logits /
 * temperature)}, of which only the {@code topK} largest are left, and of these as many of the
 * largest as it takes to make a share of {@code topP} (Fan et al., arXiv 1805.04833; Holtzman et
 * al., arXiv 1904.09751). Of equal logits, that of the lower token counts as larger. All is
 * computed in f64.
 *
 * @param temperature at least 0, at which the token of the largest logit is chosen
 * @param topK at least 1
 * @param topP above 0 and at most 1
 */
public record Sampling(double temperature, int topK, double topP) {
  /** The probabilities as they are. */
  public static final Sampling PLAIN = new Sampling(1, Integer.MAX_VALUE, 1);

  /** Always the token of the largest logit. */
  public static final Sampling GREEDY = new Sampling(0, Integer.MAX_VALUE, 1);

  /**
   * A way to choose.
   *
   * @throws IllegalArgumentException if a number is out of range; the message names it
   */
  public Sampling {
    Ranges.atLeastZero("temperature", temperature);
    Ranges.atLeast("topK", 1, topK);
    if (!(topP > 0 && topP <= 1)) {
      throw new IllegalArgumentException("topP must be in (0, 1] but is " + topP);
    }
  }

  /**
   * Chooses a token.
   *
   * @param logits of all tokens, at least one; −∞ is that of a token that is never chosen
   * @param uniform a random number in [0, 1)
   * @throws IllegalArgumentException if a logit is NaN, or the largest one is infinite
   */
  public int choose(float[] logits, double uniform) {
    float largest = Float.NEGATIVE_INFINITY;
    for (float logit : logits) {
      largest = Math.max(largest, logit); // NaN if one is
    }
    if (!Float.isFinite(largest)) {
      throw new IllegalArgumentException("the largest logit must be finite but is " + largest);
    }
    boolean takesAll = topK >= logits.length && topP == 1;
    if (temperature > 0 && takesAll) {
      return draw(logits.length, i -> i, logits, largest, uniform);
    }
    long[] order = order(logits);
    return temperature == 0
        ? (int) order[0]
        : draw(Math.min(topK, order.length), i -> (int) order[i], logits, largest, uniform);
  }

  private interface Ranking {
    int token(int rank);
  }

  private int draw(int count, Ranking ranking, float[] logits, float largest, double uniform) {
    double[] sums = new double[count];
    double sum = 0;
    for (int i = 0; i < count; i++) {
      double difference = (double) logits[ranking.token(i)] - largest;
      sum += StrictMath.exp(difference / temperature);
      sums[i] = sum;
    }
    int last = topP == 1 ? count - 1 : firstAtLeast(sums, topP * sum);
    double drawn = uniform * sums[last];
    int chosen = 0;
    while (chosen < last && sums[chosen] <= drawn) {
      chosen++;
    }
    return ranking.token(chosen);
  }

  private static int firstAtLeast(double[] sums, double share) {
    int i = 0;
    while (sums[i] < share) {
      i++;
    }
    return i;
  }

  /** Tokens in the lower halves, by falling logits. */
  private static long[] order(float[] logits) {
    long[] keys = new long[logits.length];
    for (int i = 0; i < keys.length; i++) {
      int bits = Float.floatToIntBits(logits[i] + 0f); // −0 is as large as 0
      int rising = bits ^ (bits >> 31 & Integer.MAX_VALUE);
      keys[i] = (long) ~rising << Integer.SIZE | i;
    }
    Arrays.sort(keys);
    return keys;
  }
}
