package org.lanewise.cli;

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
        .isEqualTo("\\u0000\\u0009\\u000d\\u000a\\u001b[2J\\u007f\\u0085\\u009b");
    assertThat(Printable.line("\u200b\u2028\u2029\u202e\u2066\ufeff"))
        .isEqualTo("\\u200b\\u2028\\u2029\\u202e\\u2066\\ufeff");
  }

  @Test
  void escapesHalvesOfPairsAndHiddenTags() {
    assertThat(Printable.line("\ud83d, \ude00")).isEqualTo("\\ud83d, \\ude00");
    assertThat(Printable.line("a\udb40\udc41")).isEqualTo("a\\udb40\\udc41");
  }

  @Test
  void keepsStartAndEndOfALongText() {
    assertThat(Printable.line("s".repeat(600) + "e".repeat(400))).hasSize(1000);
    assertThat(Printable.line("s".repeat(600) + "left out" + "e".repeat(400)))
        .isEqualTo("s".repeat(600) + " … (8 characters) … " + "e".repeat(400));
  }
}
