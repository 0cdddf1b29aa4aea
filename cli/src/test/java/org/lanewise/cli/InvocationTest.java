package org.lanewise.cli;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class InvocationTest {
  @Command(name = "go")
  private static final class Go {
    @Option(names = "--to")
    private String to;

    @Option(names = "--again")
    private boolean again;
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "out/b-1.0 | ./lanewise --to out/b-1.0 --again",
        "my out    | ./lanewise --to 'my out' --again",
        "it's      | ./lanewise --to 'it'\\''s' --again",
        "$HOME     | ./lanewise --to '$HOME' --again"
      })
  void quotesForTheShell(String value, String expected) {
    CommandLine go = new CommandLine(new Go());
    go.parseArgs("--to", value);
    assertThat(Invocation.with(go.getCommandSpec(), "--again")).isEqualTo(expected);
  }

  @ParameterizedTest
  @CsvSource({"--again", "--again --to x"})
  void doesNotRepeatTheOption(String arguments) {
    CommandLine go = new CommandLine(new Go());
    go.parseArgs(arguments.split(" "));
    assertThat(Invocation.with(go.getCommandSpec(), "--again"))
        .isEqualTo("./lanewise " + arguments);
  }
}
