package org.lanewise.samples.gpt;

import java.util.Locale;
import org.lanewise.samples.training.OptimizerName;
import org.lanewise.samples.training.Recipe;

/** The models that the command line offers, of which options change single sizes. */
enum Size {
  /** Some 800,000 parameters, for minutes on two processors. */
  SMALL(4, 4, 128, 64, 0, new Recipe(10, 12, OptimizerName.ADAMW, 4e-3, 0.05)),

  /** Some 11 million parameters, for an hour. */
  MEDIUM(6, 6, 384, 256, 0.2f, new Recipe(16, 8, OptimizerName.ADAMW, 1e-3, 0.05));

  private final int layers;
  private final int heads;
  private final int width;
  private final int context;
  private final float dropout;
  private final Recipe recipe;

  Size(int layers, int heads, int width, int context, float dropout, Recipe recipe) {
    this.layers = layers;
    this.heads = heads;
    this.width = width;
    this.context = context;
    this.dropout = dropout;
    this.recipe = recipe;
  }

  int layers() {
    return layers;
  }

  int heads() {
    return heads;
  }

  int width() {
    return width;
  }

  int context() {
    return context;
  }

  float dropout() {
    return dropout;
  }

  /** How it is trained. */
  Recipe recipe() {
    return recipe;
  }

  /** The name on the command line. */
  @Override
  public String toString() {
    return name().toLowerCase(Locale.ROOT);
  }
}
