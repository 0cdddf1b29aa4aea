package org.lanewise.samples.picture;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.util.Arrays;

/**
 * Makes of a decoded image a picture in shades of gray that is not larger than it has to be. Each
 * new pixel is the mean of a square of old ones: to leave some out would lose lines that are
 * thinner than a square.
 */
final class Reduction {
  /** 20 × 20 are wanted in the end, of a digit that may be a small part of a page. */
  private static final int ENOUGH_PIXELS_A_SIDE = 1024;

  private final BufferedImage image;
  private final int step;
  private final int width;
  private final int height;

  /** How much of each new pixel is not transparent, 0 to 1. */
  private final float[] alpha;

  /** Its shade, 0 black to 1 white, times that. */
  private final float[] shade;

  private Reduction(BufferedImage image) {
    this.image = image;
    step = Math.ceilDiv(Math.max(image.getWidth(), image.getHeight()), ENOUGH_PIXELS_A_SIDE);
    width = Math.ceilDiv(image.getWidth(), step);
    height = Math.ceilDiv(image.getHeight(), step);
    alpha = new float[width * height];
    shade = new float[width * height];
  }

  static Grayscale of(BufferedImage image) {
    Reduction reduction = new Reduction(image);
    reduction.sum();
    return reduction.onGround();
  }

  private void sum() {
    boolean gray = image.getColorModel().getNumColorComponents() == 1;
    for (int y = 0; y < image.getHeight(); y++) {
      if (gray) {
        sumGrays(y);
      } else {
        sumColors(y);
      }
    }
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float area = length(x, image.getWidth()) * length(y, image.getHeight());
        alpha[y * width + x] /= area;
        shade[y * width + x] /= area;
      }
    }
  }

  /** Old pixels that a new one stands for: fewer at the end. */
  private int length(int index, int all) {
    return Math.min(step, all - index * step);
  }

  /**
   * Takes the stored shades: {@code getRGB} would take them for linear light, and brighten them.
   */
  private void sumGrays(int y) {
    ColorModel model = image.getColorModel();
    float[] shades = shares(y, 0);
    float[] alphas = model.hasAlpha() ? shares(y, 1) : ones(shades.length);
    for (int x = 0; x < shades.length; x++) {
      add(x, y, shades[x], alphas[x]);
    }
  }

  private float[] shares(int y, int band) {
    float most = (1L << image.getSampleModel().getSampleSize(band)) - 1;
    float[] samples = image.getRaster().getSamples(0, y, image.getWidth(), 1, band, (float[]) null);
    for (int x = 0; x < samples.length; x++) {
      samples[x] /= most;
    }
    return samples;
  }

  private static float[] ones(int length) {
    float[] ones = new float[length];
    Arrays.fill(ones, 1);
    return ones;
  }

  /** Weights of ITU-R BT.601. */
  private void sumColors(int y) {
    int[] row = image.getRGB(0, y, image.getWidth(), 1, null, 0, image.getWidth());
    for (int x = 0; x < row.length; x++) {
      float red = row[x] >> 16 & 0xff;
      float green = row[x] >> 8 & 0xff;
      float blue = row[x] & 0xff;
      add(x, y, (0.299f * red + 0.587f * green + 0.114f * blue) / 255, (row[x] >>> 24) / 255f);
    }
  }

  private void add(int x, int y, float pixelShade, float pixelAlpha) {
    int index = y / step * width + x / step;
    alpha[index] += pixelAlpha;
    shade[index] += pixelShade * pixelAlpha;
  }

  private Grayscale onGround() {
    float ground = ground();
    float[] pixels = new float[shade.length];
    for (int i = 0; i < pixels.length; i++) {
      pixels[i] = shade[i] + (1 - alpha[i]) * ground;
    }
    return new Grayscale(width, height, pixels);
  }

  /**
   * Transparent parts of a sheet look like the rest of it. Where the sheet itself is transparent,
   * it is white for dark ink and black for light ink.
   */
  private float ground() {
    if (new Grayscale(width, height, alpha).medianOfBorder() > 0.5f) {
      return new Grayscale(width, height, shade).medianOfBorder();
    }
    return sum(shade) < 0.5 * sum(alpha) ? 1 : 0;
  }

  private static double sum(float[] values) {
    double sum = 0;
    for (float value : values) {
      sum += value;
    }
    return sum;
  }
}
