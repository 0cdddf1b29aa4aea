package org.lanewise.nn.train;

import java.io.IOException;
import java.nio.file.Path;

/** Keeps a checkpoint in a file. */
final class CheckpointCallback implements Callback {
  private final Path file;
  private long savedStep = -1;

  CheckpointCallback(Path file) {
    this.file = file;
  }

  @Override
  public void onEpoch(Trainer trainer, EpochResult result) throws IOException {
    save(trainer);
  }

  @Override
  public void onEnd(Trainer trainer) throws IOException {
    if (trainer.steps() != savedStep) {
      save(trainer);
    }
  }

  private void save(Trainer trainer) throws IOException {
    trainer.saveCheckpoint(file);
    savedStep = trainer.steps();
  }
}
