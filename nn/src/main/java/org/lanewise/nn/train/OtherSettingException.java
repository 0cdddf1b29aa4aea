package org.lanewise.nn.train;

import java.nio.file.Path;

/** A training is to continue from the checkpoint of one with another setting. */
public final class OtherSettingException extends IllegalArgumentException {
  private static final long serialVersionUID = 1;

  private final String setting;
  private final String saved;
  private final String given;

  OtherSettingException(Path file, String setting, Object saved, Object given) {
    super("%s was written with %s %s; this training has %s".formatted(file, setting, saved, given));
    this.setting = setting;
    this.saved = String.valueOf(saved);
    this.given = String.valueOf(given);
  }

  /**
   * Which setting it is: batch, samples, seed, accumulate, clip_value, clip_norm, schedule,
   * optimizer, "optimizer of" a parameter, or "setting." and the name of one of the caller's own.
   */
  public String setting() {
    return setting;
  }

  /** What it is in the checkpoint. */
  public String saved() {
    return saved;
  }

  /** What it is in the training. */
  public String given() {
    return given;
  }
}
