package org.lanewise.samples.report;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Base64;
import javax.imageio.ImageIO;
import javax.imageio.stream.MemoryCacheImageOutputStream;

/** Pictures that a page carries with it. */
public final class Pictures {
  private Pictures() {}

  /**
   * Ink on white paper as the data URI of a PNG.
   *
   * @param ink 0 to 1 for each pixel, row-major
   * @param width pixels in a row
   */
  public static String dataUri(float[] ink, int width) {
    BufferedImage image =
        new BufferedImage(width, ink.length / width, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < ink.length; i++) {
      image.getRaster().setSample(i % width, i / width, 0, Math.round(255 * (1 - ink[i])));
    }
    ByteArrayOutputStream png = new ByteArrayOutputStream();
    try (var out = new MemoryCacheImageOutputStream(png)) { // no temporary file
      ImageIO.write(image, "png", out);
    } catch (IOException impossible) {
      throw new UncheckedIOException(impossible);
    }
    return "data:image/png;base64," + Base64.getEncoder().encodeToString(png.toByteArray());
  }
}
