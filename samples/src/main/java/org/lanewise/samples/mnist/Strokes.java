package org.lanewise.samples.mnist;

import org.lanewise.samples.picture.Grayscale;

/**
 * Makes strokes as wide as the database has them where they are much thinner: the digits there were
 * written with a pen, seen from nearby, and a classifier has never seen the hairlines that a digit
 * across a whole page is made of.
 */
final class Strokes {
  /** A stroke is thin if its width is less than this share of the digit's longer side. */
  private static final double THIN = 1 / 20.;

  /** The width that it gets, likewise. */
  private static final double USUAL = 1 / 9.;

  private Strokes() {}

  /** The digit with strokes that are not thin; it grows as they do. */
  static Grayscale thicken(Grayscale ink) {
    double side = Math.max(ink.width(), ink.height());
    double width = width(ink);
    int more = (int) Math.round((USUAL * side - width) / 2);
    return width < THIN * side && more > 0 ? grow(ink, more) : ink;
  }

  /** A stroke's mean width: its area is length times width, the outline almost twice the length. */
  private static double width(Grayscale ink) {
    double area = 0;
    double outline = 0;
    for (int y = -1; y < ink.height(); y++) {
      for (int x = -1; x < ink.width(); x++) {
        float here = at(ink, x, y);
        area += here;
        outline += Math.hypot(at(ink, x + 1, y) - here, at(ink, x, y + 1) - here);
      }
    }
    return 2 * area / outline;
  }

  private static float at(Grayscale ink, int x, int y) {
    return x < 0 || y < 0 || x >= ink.width() || y >= ink.height() ? 0 : ink.at(x, y);
  }

  /**
   * Each pixel becomes the strongest within a distance of it, and what is usual there, full ink.
   */
  private static Grayscale grow(Grayscale ink, int distance) {
    float usual = usual(ink);
    int width = ink.width() + 2 * distance;
    int height = ink.height() + 2 * distance;
    float[] grown = new float[width * height];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        float strongest = strongest(ink, x - distance, y - distance, distance);
        grown[y * width + x] = Math.min(1, strongest / usual);
      }
    }
    return new Grayscale(width, height, grown);
  }

  /**
   * The mean over the ink: a thin line is stronger where it happens to fall on one row of pixels.
   */
  private static float usual(Grayscale ink) {
    double sum = 0;
    double squares = 0;
    for (float pixel : ink.pixels()) {
      sum += pixel;
      squares += pixel * pixel;
    }
    return (float) (squares / sum);
  }

  private static float strongest(Grayscale ink, int x, int y, int distance) {
    float strongest = 0;
    for (int dy = -distance; dy <= distance; dy++) {
      for (int dx = -distance; dx <= distance; dx++) {
        if (dx * dx + dy * dy <= distance * distance) {
          strongest = Math.max(strongest, at(ink, x + dx, y + dy));
        }
      }
    }
    return strongest;
  }
}
