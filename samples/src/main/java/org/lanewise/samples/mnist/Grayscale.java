package org.lanewise.samples.mnist;

import java.awt.image.BufferedImage;
import java.awt.image.ColorModel;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Iterator;
import javax.imageio.ImageIO;
import javax.imageio.ImageReadParam;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.lanewise.nn.io.MalformedFileException;

/**
 * A picture in shades of gray.
 *
 * @param width pixels in a row
 * @param height number of rows
 * @param pixels 0 black to 1 white, row-major
 */
record Grayscale(int width, int height, float[] pixels) {
  private static final long MAX_PIXELS = 1 << 26;

  /** A larger picture is read in steps of several pixels: 20 × 20 are wanted in the end. */
  private static final int ENOUGH_PIXELS_A_SIDE = 1024;

  float at(int x, int y) {
    return pixels[y * width + x];
  }

  /**
   * Reads a PNG, JPEG, GIF or BMP file. What is transparent is white.
   *
   * @throws MalformedFileException if it is none of these, is damaged or has over 64 megapixels
   * @throws IOException if it cannot be read
   */
  static Grayscale read(Path file) throws IOException {
    Files.newInputStream(file).close(); // says clearly what is wrong if there is no such file
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
      Iterator<ImageReader> readers = ImageIO.getImageReaders(in);
      if (!readers.hasNext()) {
        throw new MalformedFileException(file, "not a PNG, JPEG, GIF or BMP image");
      }
      ImageReader reader = readers.next();
      try {
        reader.setInput(in, true, true);
        return of(decode(file, reader));
      } finally {
        reader.dispose();
      }
    }
  }

  private static BufferedImage decode(Path file, ImageReader reader) throws IOException {
    try {
      long width = reader.getWidth(0);
      long height = reader.getHeight(0);
      if (width * height > MAX_PIXELS) {
        throw new MalformedFileException(
            file, "%d × %d pixels are too many".formatted(width, height));
      }
      int step = (int) Math.ceilDiv(Math.max(width, height), ENOUGH_PIXELS_A_SIDE);
      ImageReadParam parameters = reader.getDefaultReadParam();
      parameters.setSourceSubsampling(step, step, 0, 0);
      return reader.read(0, parameters);
    } catch (MalformedFileException fault) {
      throw fault;
    } catch (IOException | RuntimeException damaged) { // decoders meet bad data with either
      throw new MalformedFileException(file, "damaged image: " + damaged.getMessage());
    }
  }

  private static Grayscale of(BufferedImage image) {
    int width = image.getWidth();
    int height = image.getHeight();
    float[] pixels = new float[width * height];
    boolean gray = image.getColorModel().getNumColorComponents() == 1;
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        pixels[y * width + x] = gray ? gray(image, x, y) : luma(image.getRGB(x, y));
      }
    }
    return new Grayscale(width, height, pixels);
  }

  /** The stored shade: getRGB would take it for linear light, and brighten it. */
  private static float gray(BufferedImage image, int x, int y) {
    ColorModel model = image.getColorModel();
    float shade = share(image, x, y, 0);
    float alpha = model.hasAlpha() ? share(image, x, y, 1) : 1;
    return onWhite(shade, alpha);
  }

  private static float share(BufferedImage image, int x, int y, int band) {
    int bits = image.getSampleModel().getSampleSize(band);
    return image.getRaster().getSample(x, y, band) / (float) ((1L << bits) - 1);
  }

  /** Weights of ITU-R BT.601. */
  private static float luma(int argb) {
    float red = argb >> 16 & 0xff;
    float green = argb >> 8 & 0xff;
    float blue = argb & 0xff;
    return onWhite((0.299f * red + 0.587f * green + 0.114f * blue) / 255, (argb >>> 24) / 255f);
  }

  private static float onWhite(float shade, float alpha) {
    return alpha * shade + (1 - alpha);
  }

  Grayscale crop(int left, int top, int newWidth, int newHeight) {
    float[] part = new float[newWidth * newHeight];
    for (int y = 0; y < newHeight; y++) {
      System.arraycopy(pixels, (top + y) * width + left, part, y * newWidth, newWidth);
    }
    return new Grayscale(newWidth, newHeight, part);
  }

  /** Scales so that each new pixel is the mean of the area that it covers. */
  Grayscale scale(int newWidth, int newHeight) {
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

  private Grayscale transpose() {
    float[] transposed = new float[pixels.length];
    for (int y = 0; y < height; y++) {
      for (int x = 0; x < width; x++) {
        transposed[x * height + y] = at(x, y);
      }
    }
    return new Grayscale(height, width, transposed);
  }
}
