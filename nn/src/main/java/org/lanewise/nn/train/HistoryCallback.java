package org.lanewise.nn.train;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import org.lanewise.nn.io.AtomicFile;

/** Keeps the history in a file. */
final class HistoryCallback implements Callback {
  private final Path file;
  private final boolean json;

  HistoryCallback(Path file) {
    this.file = file;
    json = file.toString().toLowerCase(Locale.ROOT).endsWith(".json");
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) throws IOException {
    History history = trainer.history();
    byte[] text = (json ? history.json() : history.csv()).getBytes(UTF_8);
    AtomicFile.write(file, out -> out.write(text));
  }
}
