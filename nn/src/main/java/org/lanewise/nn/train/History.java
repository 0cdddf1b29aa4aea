package org.lanewise.nn.train;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.List;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;

/**
 * The epochs of a training, those before a resume included.
 *
 * @param epochs in order
 */
public record History(List<EpochResult> epochs) {
  /** A history of copies. */
  public History {
    epochs = List.copyOf(epochs);
  }

  /**
   * The last epoch.
   *
   * @throws java.util.NoSuchElementException if there is none
   */
  public EpochResult last() {
    return epochs.getLast();
  }

  /**
   * A table with a head and a row for each epoch, as RFC 4180 has it: {@code epoch}, {@code
   * train_loss}, {@code validation_loss}, {@code validation_…} for each metric, {@code
   * samples_per_s}, {@code seconds}, {@code flops} and {@code utilization}. What an epoch does not
   * have is empty. Numbers are written with all digits that they need to be read back exactly;
   * those that are not finite as {@code NaN}, {@code Infinity} and {@code -Infinity}.
   */
  public String csv() {
    return HistoryText.csv(this);
  }

  /**
   * A JSON array of an object for each epoch, with the names of {@link #csv} but for the
   * validation, an object of {@code loss} and an object {@code metrics}. What an epoch does not
   * have is left out. Numbers are written with all digits that they need to be read back exactly;
   * those that are not finite, which JSON does not have, as the strings {@code "NaN"}, {@code
   * "Infinity"} and {@code "-Infinity"}.
   */
  public String json() {
    return HistoryText.json(this);
  }

  /**
   * The finished epochs of a training, from a checkpoint of it.
   *
   * @throws MalformedFileException if the file is damaged or no checkpoint
   * @throws IOException if it cannot be read
   */
  public static History ofCheckpoint(Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      return new History(
          Checkpoint.progress(file, SafeTensors.read(file, arena).metadata()).epochs);
    }
  }
}
