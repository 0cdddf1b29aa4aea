package org.lanewise.samples.mnist;

import java.io.IOException;
import java.nio.file.Path;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.samples.picture.Grayscale;
import org.lanewise.samples.picture.PictureFile;

/**
 * Makes of any picture of a digit what the MNIST database would hold: the ink cropped, scaled into
 * 20 × 20 pixels with its aspect ratio, and moved so that its centre of mass is the middle of 28 ×
 * 28 pixels, as Y. LeCun et al. describe it (Proceedings of the IEEE 86(11), 1998). Hairlines
 * become strokes on the way.
 */
final class HandwrittenDigit {
  /** The longer side of the ink in the result. */
  private static final int INK_SIDE = 20;

  /** The same where the width of strokes is looked at. */
  private static final int STROKE_SIDE = 4 * INK_SIDE;

  /** Less difference between ink and paper, of 1 between black and white, is no picture. */
  private static final float LEAST_CONTRAST = 0.1f;

  /** What is fainter, of 1 for the darkest ink, does not count when the ink is cropped. */
  private static final float FAINT = 0.1f;

  private HandwrittenDigit() {}

  /**
   * Reads a picture.
   *
   * @return {@link Digits#PIXELS} pixels, 0 the paper and 1 full ink
   * @throws MalformedFileException if it is no picture or blank
   * @throws IOException if it cannot be read
   */
  static float[] read(Path file) throws IOException {
    Grayscale ink = ink(file, PictureFile.read(file));
    return centre(scale(crop(ink)));
  }

  /** The ink, 0 to 1: the difference from the paper, whose brightness is that of the border. */
  private static Grayscale ink(Path file, Grayscale picture) throws MalformedFileException {
    float paper = picture.medianOfBorder();
    boolean darkInk = paper > 0.5f;
    float[] ink = new float[picture.pixels().length];
    for (int i = 0; i < ink.length; i++) {
      float difference = picture.pixels()[i] - paper;
      ink[i] = Math.max(0, darkInk ? -difference : difference);
    }
    if (strengthen(ink) < LEAST_CONTRAST) {
      throw new MalformedFileException(file, "the picture is blank: no digit to read");
    }
    return new Grayscale(picture.width(), picture.height(), ink);
  }

  /** Makes the strongest ink 1, and returns what it was. */
  private static float strengthen(float[] ink) {
    float most = 0;
    for (float pixel : ink) {
      most = Math.max(most, pixel);
    }
    for (int i = 0; i < ink.length; i++) {
      ink[i] /= most;
    }
    return most;
  }

  private static Grayscale crop(Grayscale ink) {
    int left = ink.width();
    int right = 0;
    int top = ink.height();
    int bottom = 0;
    for (int y = 0; y < ink.height(); y++) {
      for (int x = 0; x < ink.width(); x++) {
        if (ink.at(x, y) > FAINT) {
          left = Math.min(left, x);
          right = Math.max(right, x + 1);
          top = Math.min(top, y);
          bottom = Math.max(bottom, y + 1);
        }
      }
    }
    return ink.crop(left, top, right - left, bottom - top);
  }

  /** By way of a size at which thin strokes have not yet become gray. */
  private static Grayscale scale(Grayscale ink) {
    Grayscale large = fit(ink, STROKE_SIDE);
    strengthen(large.pixels());
    return fit(Strokes.thicken(large), INK_SIDE);
  }

  private static Grayscale fit(Grayscale ink, int side) {
    double scale = (double) side / Math.max(ink.width(), ink.height());
    return ink.scale(
        Math.max(1, (int) Math.round(ink.width() * scale)),
        Math.max(1, (int) Math.round(ink.height() * scale)));
  }

  private static float[] centre(Grayscale ink) {
    double mass = 0;
    double xMoment = 0;
    double yMoment = 0;
    for (int y = 0; y < ink.height(); y++) {
      for (int x = 0; x < ink.width(); x++) {
        mass += ink.at(x, y);
        xMoment += ink.at(x, y) * x;
        yMoment += ink.at(x, y) * y;
      }
    }
    int left = offset(xMoment / mass, ink.width());
    int top = offset(yMoment / mass, ink.height());
    float[] digit = new float[Digits.PIXELS];
    for (int y = 0; y < ink.height(); y++) {
      for (int x = 0; x < ink.width(); x++) {
        digit[(top + y) * Digits.SIDE + left + x] = ink.at(x, y);
      }
    }
    return digit;
  }

  /** Where ink of the given length starts so that its centre is on pixel 14, and it fits. */
  private static int offset(double centre, int length) {
    int offset = (int) Math.round(Digits.SIDE / 2 - centre);
    return Math.clamp(offset, 0, Digits.SIDE - length);
  }
}
