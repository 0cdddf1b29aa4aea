package org.lanewise.kernels.backend;

import java.util.Objects;

/**
 * Where an op comes from, for those who report on ops; it changes nothing of what they compute.
 *
 * @param layer the path of the layer that applies it, such as {@code blocks.3.norm1}, or nothing
 * @param phase the part of a run that it belongs to, such as {@code forward}, or nothing
 */
public record Origin(String layer, String phase) {
  /** Nothing is known. */
  public static final Origin UNKNOWN = new Origin("", "");

  /** Checks that both are there. */
  public Origin {
    Objects.requireNonNull(layer, "layer");
    Objects.requireNonNull(phase, "phase");
  }
}
