package org.lanewise.samples;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class MainTest {
  @ParameterizedTest
  @ValueSource(strings = {"", "help", "--help", "-h"})
  void helpListsAllCommands(String arguments) {
    Lanewise run = Lanewise.run((Object[]) words(arguments));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).contains("train ", "predict ", "test ", "format ", "help ");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "train",
        "train mnist",
        "train fashion",
        "train dna",
        "train gpt",
        "train worked-example",
        "predict",
        "predict mnist",
        "predict fashion",
        "predict dna",
        "embed",
        "similar",
        "generate",
        "compare",
        "test",
        "format"
      })
  void eachCommandHasHelp(String command) {
    Lanewise run = Lanewise.run((Object[]) words(command + " --help"));

    assertThat(run.exitCode()).isZero();
    assertThat(run.err()).isEmpty();
    assertThat(run.out()).startsWith("Usage: lanewise " + command + " ").contains("--stacktrace");
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "trian | 'trian' (did you mean train?) | ./lanewise --help",
        "train minst | 'minst' (did you mean mnist?) | ./lanewise train --help",
        "trian --help | 'trian' (did you mean train?) | ./lanewise --help",
        "train minst -h | 'minst' (did you mean mnist?) | ./lanewise train --help",
        "train --help minst | 'minst' (did you mean mnist?) | ./lanewise train --help",
        "train mnist --epoch 3 | '--epoch' | ./lanewise train mnist --help",
        "train mnist --epochs many | 'many' is not an int | ./lanewise train mnist --help",
        "train mnist --epochs 0 | --epochs must be at least 1 but is 0 | ./lanewise train mnist --help",
        "train mnist --batch 0 | --batch must be at least 1 but is 0 | ./lanewise train mnist --help",
        "train mnist --threads 1025 | --threads must be 1 to 1024 but is 1025 | ./lanewise train mnist --help",
        "train mnist --optimizer best | 'best' | ./lanewise train mnist --help",
        "train mnist --model lenet | 'lenet' | ./lanewise train mnist --help",
        "train fashion --epochs 0 | --epochs must be at least 1 but is 0 | ./lanewise train fashion --help",
        "train dna --lr -1 | --lr: learningRate must be at least 0 | ./lanewise train dna --help",
        "train gpt --width 0 | --width must be at least 1 but is 0 | ./lanewise train gpt --help",
        "train gpt --heads 5 | --heads must divide the width but are 5 of 384 | ./lanewise train gpt --help",
        "train gpt --dropout 1 | --dropout must be in [0, 1) but is 1.0 | ./lanewise train gpt --help",
        "train gpt --vocabulary 9 | --vocabulary must be 256 to 65536 but is 9 | ./lanewise train gpt --help",
        "train gpt --epoch-steps 0 | --epoch-steps must be at least 1 but is 0 | ./lanewise train gpt --help",
        "compare | 'RUN' | ./lanewise compare --help",
        "embed | there is no TEXT and no --file | ./lanewise embed --help",
        "embed --pooling max a | 'max' | ./lanewise embed --help",
        "embed --model= a | '--model': must not be empty | ./lanewise embed --help",
        "similar a | '--file=FILE' | ./lanewise similar --help",
        "similar --file f | 'QUERY' | ./lanewise similar --help",
        "similar a --file f --top 0 | --top must be at least 1 but is 0 | ./lanewise similar --help",
        "predict dna | 'SEQUENCE' | ./lanewise predict dna --help",
        "train mnist --out= | '--out': must not be empty | ./lanewise train mnist --help",
        "train mnist --data= | '--data': must not be empty | ./lanewise train mnist --help",
        "train mnist --metrics= | '--metrics': must not be empty | ./lanewise train mnist --help",
        "predict mnist --model= a | '--model': must not be empty | ./lanewise predict mnist --help",
        "predict mnist | 'IMAGE' | ./lanewise predict mnist --help"
      })
  void oneLineAndAHintForAMistypedCommand(String arguments, String says, String hint) {
    Lanewise run = Lanewise.run((Object[]) words(arguments));

    assertThat(run.exitCode()).isEqualTo(2);
    assertThat(run.out()).isEmpty();
    assertThat(run.err().lines()).hasSize(2);
    assertThat(run.err()).startsWith("lanewise: ").contains(says, hint);
  }

  private static String[] words(String arguments) {
    return arguments.isEmpty() ? new String[0] : arguments.split(" ");
  }
}
