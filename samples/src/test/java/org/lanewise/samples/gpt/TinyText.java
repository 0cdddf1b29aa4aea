package org.lanewise.samples.gpt;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.lanewise.samples.Lanewise;

/** A text that is easily learnt, and a model that is trained in a second. */
final class TinyText {
  private static final List<String> WORDS =
      List.of("“naïve,”", "sense", "and", "sensibility", "pride", "she", "said");

  private TinyText() {}

  static String of(int words) {
    Random random = new Random(1);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < words; i++) {
      text.append(WORDS.get(random.nextInt(WORDS.size()))).append(i % 9 == 8 ? '\n' : ' ');
    }
    return text.toString();
  }

  /** Writes the text, compressed. */
  static Path write(Path file) throws IOException {
    try (OutputStream to = new GZIPOutputStream(Files.newOutputStream(file))) {
      to.write(of(2000).getBytes(UTF_8));
    }
    return file;
  }

  /** The command that trains the model, as words. */
  static String command(Path data, Path out) {
    return ("train gpt --data %s --out %s --layers 2 --heads 2 --width 16 --context 8"
            + " --epochs 4 --epoch-steps 50 --batch 8 --lr 0.01")
        .formatted(data, out);
  }

  /** Trains the model, with options that may replace those of the command. */
  static Lanewise train(Path data, Path out, Object... options) {
    List<Object> arguments = new ArrayList<>(List.of((Object[]) command(data, out).split(" ")));
    for (Object option : options) {
      int place = arguments.indexOf(option);
      if (place >= 0 && option.toString().startsWith("--")) {
        arguments.subList(place, place + 2).clear();
      }
    }
    Collections.addAll(arguments, options);
    return Lanewise.run(arguments.toArray());
  }
}
