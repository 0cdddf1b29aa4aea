package org.lanewise.samples.picture;

import java.util.Arrays;

/**
 * A picture in shades of gray.
 *
 * @param width pixels in a row
 * @param height number of rows
 * @param pixels 0 black to 1 white, row-major
 */
public record Grayscale(int width, int height, float[] pixels) {
  /** The pixel of a column and row. */
  public float at(int x, int y) {
    return pixels[y * width + x];
  }

  /** A shade that half of the outermost pixels have or exceed. */
  public float medianOfBorder() {
    float[] border = new float[2 * (width + height)];
    int count = 0;
    for (int x = 0; x < width; x++) {
      border[count++] = at(x, 0);
      border[count++] = at(x, height - 1);
    }
    for (int y = 0; y < height; y++) {
      border[count++] = at(0, y);
      border[count++] = at(width - 1, y);
    }
    Arrays.sort(border);
    return border[count / 2];
  }

  /** A part. */
  public Grayscale crop(int left, int top, int newWidth, int newHeight) {
    float[] part = new float[newWidth * newHeight];
    for (int y = 0; y < newHeight; y++) {
      System.arraycopy(pixels, (top + y) * width + left, part, y * newWidth, newWidth);
    }
    return new Grayscale(newWidth, newHeight, part);
  }

  /** Scales so that each new pixel is the mean of the area that it covers. */
  public Grayscale scale(int newWidth, int newHeight) {
    return scaleRows(newWidth).transpose().scaleRows(newHeight).transpose();
  }

  private Grayscale scaleRows(int newWidth) {
    double step = (double) width / newWidth;
    float[] scaled = new float[newWidth * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < newWidth; x++) {
        scaled[y * newWidth + x] = (float) (area(y, x * step, (x + 1) * step) / step);
      }
    }
    return new Grayscale(newWidth, height, scaled);
  }

  /** The integral of a row, whose pixels are one wide. */
  private double area(int y, double from, double to) {
    double sum = 0;
    for (int x = (int) from; x < Math.min(to, width); x++) {
      sum += at(x, y) * (Math.min(to, x + 1) - Math.max(from, x));
    }
    return sum;
  }

  /** Exchanges left and right. */
  Grayscale mirrorRows() {
    float[] mirrored = new float[pixels.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        mirrored[y * width + x] = at(width - 1 - x, y);
      }
    }
    return new Grayscale(width, height, mirrored);
  }

  /** Makes columns of rows. */
  Grayscale transpose() {
    float[] transposed = new float[pixels.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        transposed[x * height + y] = at(x, y);
      }
    }
    return new Grayscale(height, width, transposed);
  }
}
