package org.lanewise.samples.gpt;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.data.Batch;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Epoch;

class TextWindowsTest {
  private static int[] tokens(int count) {
    return IntStream.range(100, 100 + count).toArray();
  }

  /** The first tokens of all parts, whose other tokens are checked. */
  private static List<Integer> starts(TextWindows windows, long seed, int epoch) {
    List<Integer> starts = new ArrayList<>();
    try (Epoch batches = Batches.of(windows).size(4).epoch(seed, epoch, 0)) {
      for (Batch batch = batches.next(); batch != null; batch = batches.next()) {
        int[] ids = batch.tensor("ids").toInts();
        int[] next = batch.tensor("next").toInts();
        for (int i = 0; i < ids.length; i++) {
          assertThat(next[i]).isEqualTo(ids[i] + 1);
          assertThat(ids[i]).isEqualTo(ids[i - i % windows.length()] + i % windows.length());
          if (i % windows.length() == 0) {
            starts.add(ids[i] - 100);
          }
        }
      }
    }
    return starts;
  }

  @ParameterizedTest
  @CsvSource({
    "4, 3, 0",
    "6, 3, 0",
    "7, 3, 0 3",
    "12, 3, 0 3 6",
    "13, 3, 0 3 6 9",
    "3, 1, 0 1",
  })
  void allPartsFollowEachOther(int count, int length, String starts) {
    List<Integer> expected = Arrays.stream(starts.split(" ")).map(Integer::valueOf).toList();
    assertThat(starts(TextWindows.all(tokens(count), length), 1, 1)).isEqualTo(expected);
  }

  @Test
  void someAreAtEqualDistances() {
    TextWindows all = TextWindows.all(tokens(101), 5);
    assertThat(starts(all.some(3), 1, 1)).containsExactly(0, 47, 95);
    assertThat(starts(all.some(1), 1, 1)).containsExactly(0);
    assertThat(starts(all.some(1000), 1, 1)).isEqualTo(starts(all, 2, 2)).hasSize(20);
  }

  @Test
  void thoseAnywhereDependOnSeedAndEpochAndReachBothEnds() {
    TextWindows windows = TextWindows.anywhere(tokens(20), 5, 400);
    List<Integer> starts = starts(windows, 1, 1);
    assertThat(starts).hasSize(400).contains(0, 14).allMatch(start -> start >= 0 && start <= 14);
    assertThat(starts(windows, 1, 1)).isEqualTo(starts);
    assertThat(starts(windows, 1, 2)).isNotEqualTo(starts);
    assertThat(starts(windows, 2, 1)).isNotEqualTo(starts);
  }
}
