package org.lanewise.nn.io;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PrintableTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "Ziffer-fünf.png", "数字 5.png", "😀", "a\\u001b"})
  void leavesWhatIsSeenAlone(String text) {
    assertThat(Printable.line(text)).isEqualTo(text);
  }

  @Test
  void escapesAllThatControls() {
    assertThat(Printable.line("\0\t\r\n\u001b[2J\u007f\u0085\u009b"))
        .isEqualTo("\\u{0}\\u{9}\\u{d}\\u{a}\\u{1b}[2J\\u{7f}\\u{85}\\u{9b}");
    assertThat(Printable.line("\u200b\u2028\u2029\u202e\u2066\ufeff"))
        .isEqualTo("\\u{200b}\\u{2028}\\u{2029}\\u{202e}\\u{2066}\\u{feff}");
  }

  @Test
  void escapesHalvesOfPairsAndHiddenTags() {
    assertThat(Printable.line("\ud83d, \ude00")).isEqualTo("\\u{d83d}, \\u{de00}");
    assertThat(Printable.line("a\udb40\udc41")).isEqualTo("a\\u{e0041}");
  }

  @Test
  void keepsStartAndEndOfALongText() {
    assertThat(Printable.line("s".repeat(500) + "e".repeat(500))).hasSize(1000);
    assertThat(Printable.line("s".repeat(500) + "m" + "e".repeat(500)))
        .isEqualTo("s".repeat(500) + " … " + "e".repeat(500));
    assertThat(Printable.line("start and end", 6)).isEqualTo("sta … end");
  }
}
