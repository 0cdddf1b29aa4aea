package org.lanewise.samples.mnist;

import java.awt.BasicStroke;
import java.awt.Color;
import java.awt.Graphics2D;
import java.awt.RenderingHints;
import java.awt.geom.Path2D;
import java.awt.image.BufferedImage;

/**
 * A picture as a person may have it: made from a digit of the database by steps that the reader of
 * handwritten digits has to undo.
 */
record Drawing(BufferedImage image) {
  /** White on black, as stored. */
  static Drawing of(float[] ink) {
    BufferedImage image = new BufferedImage(Digits.SIDE, Digits.SIDE, BufferedImage.TYPE_BYTE_GRAY);
    for (int i = 0; i < ink.length; i++) {
      image.getRaster().setSample(i % Digits.SIDE, i / Digits.SIDE, 0, Math.round(255 * ink[i]));
    }
    return new Drawing(image);
  }

  /** A black upright stroke near the left edge of white paper. */
  static Drawing stroke() {
    BufferedImage image = new BufferedImage(90, 60, BufferedImage.TYPE_INT_RGB);
    Graphics2D graphics = image.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, 90, 60);
    graphics.setColor(Color.BLACK);
    graphics.fillRect(10, 10, 10, 40);
    graphics.dispose();
    return new Drawing(image);
  }

  /** A black 4 that fills the middle of a white page, drawn with a pen of so many pixels. */
  static Drawing four(int width, int height, float pen) {
    BufferedImage page = new BufferedImage(width, height, BufferedImage.TYPE_BYTE_GRAY);
    Graphics2D graphics = page.createGraphics();
    graphics.setColor(Color.WHITE);
    graphics.fillRect(0, 0, width, height);
    graphics.setColor(Color.BLACK);
    graphics.scale(width / 10., height / 10.);
    graphics.setStroke(new BasicStroke(pen * 10 / width));
    Path2D four = new Path2D.Float();
    four.moveTo(3, 2);
    four.lineTo(2.6, 5.3);
    four.lineTo(7, 5);
    four.moveTo(6.3, 2.4);
    four.lineTo(5.8, 8);
    graphics.draw(four);
    graphics.dispose();
    return new Drawing(page);
  }

  /** Larger, by bilinear interpolation. */
  Drawing scaled(int factor) {
    int width = image.getWidth() * factor;
    int height = image.getHeight() * factor;
    BufferedImage larger = new BufferedImage(width, height, image.getType());
    Graphics2D graphics = larger.createGraphics();
    graphics.setRenderingHint(
        RenderingHints.KEY_INTERPOLATION, RenderingHints.VALUE_INTERPOLATION_BILINEAR);
    graphics.drawImage(image, 0, 0, width, height, null);
    graphics.dispose();
    return new Drawing(larger);
  }

  /** On a wider sheet of the paper's color, away from its middle. */
  Drawing onASheet() {
    int width = image.getWidth() * 3;
    int height = image.getHeight() * 2;
    BufferedImage sheet = new BufferedImage(width, height, image.getType());
    sheet.getRaster().setRect(image.getWidth() / 3, image.getHeight() / 2, image.getRaster());
    return new Drawing(sheet);
  }

  /** Black on white. */
  Drawing darkOnLight() {
    BufferedImage inverse = new BufferedImage(image.getWidth(), image.getHeight(), image.getType());
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        inverse.getRaster().setSample(x, y, 0, 255 - image.getRaster().getSample(x, y, 0));
      }
    }
    return new Drawing(inverse);
  }

  /** Ink of a color on nothing. */
  Drawing transparent(Color color) {
    BufferedImage transparent =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_ARGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        int ink = image.getRaster().getSample(x, y, 0);
        transparent.setRGB(x, y, ink << 24 | color.getRGB() & 0xffffff);
      }
    }
    return new Drawing(transparent);
  }

  /** In colors, as a JPEG or a GIF has it. */
  Drawing inColors() {
    BufferedImage colors =
        new BufferedImage(image.getWidth(), image.getHeight(), BufferedImage.TYPE_INT_RGB);
    for (int y = 0; y < image.getHeight(); y++) {
      for (int x = 0; x < image.getWidth(); x++) {
        colors.setRGB(x, y, 0x010101 * image.getRaster().getSample(x, y, 0));
      }
    }
    return new Drawing(colors);
  }
}
