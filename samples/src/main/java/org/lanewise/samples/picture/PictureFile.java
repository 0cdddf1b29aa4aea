package org.lanewise.samples.picture;

import java.awt.image.BufferedImage;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import javax.imageio.ImageReader;
import javax.imageio.stream.FileImageInputStream;
import javax.imageio.stream.ImageInputStream;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.RegularFile;

/** Reads PNG, JPEG, GIF and BMP files. */
public final class PictureFile {
  /** A page of A4 with 600 dots per inch has half as many. */
  private static final long MAX_PIXELS = 1 << 26;

  /** Times that each of so many pixels may be decoded, or each of fewer more often. */
  private static final long MAX_SCANS = 16;

  private PictureFile() {}

  /**
   * Reads a picture, upright, with at most 1,024 pixels in a row or column, each the mean of those
   * that it stands for. It is on a ground that it is seen on, where it is transparent.
   *
   * @throws MalformedFileException if it is none of the formats, is damaged, has more than 64
   *     megapixels, or would be decoded more than 16 times from end to end
   * @throws IOException if it cannot be read
   */
  public static Grayscale read(Path file) throws IOException {
    long size = RegularFile.size(file);
    PictureFormat format = format(file);
    Orientation orientation = checkHeader(file, format, size);
    return orientation.apply(Reduction.of(decode(file, format)));
  }

  private static PictureFormat format(Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      return PictureFormat.of(in.readNBytes(PictureFormat.MAGIC_BYTES))
          .orElseThrow(() -> new MalformedFileException(file, "not a PNG, JPEG, GIF or BMP image"));
    }
  }

  private static Orientation checkHeader(Path file, PictureFormat format, long size)
      throws IOException {
    try (InputStream raw = Files.newInputStream(file);
        DataInputStream in = new DataInputStream(new BufferedInputStream(raw))) {
      return switch (format) {
        case PNG -> PngHeader.orientation(in);
        case JPEG -> check(file, JpegHeader.read(in));
        case BMP -> {
          Optional<String> fault = BmpHeader.fault(in, size);
          if (fault.isPresent()) {
            throw damaged(file, fault.get());
          }
          yield Orientation.UPRIGHT;
        }
        case GIF -> Orientation.UPRIGHT;
      };
    }
  }

  private static Orientation check(Path file, JpegHeader header) throws MalformedFileException {
    if (header.pixels() * header.scans() > MAX_PIXELS * MAX_SCANS) {
      throw new MalformedFileException(
          file, "%,d scans of %,d pixels are too many".formatted(header.scans(), header.pixels()));
    }
    if (header.components() == 4) {
      throw new MalformedFileException(file, "a JPEG of four inks is not supported");
    }
    return header.orientation();
  }

  private static BufferedImage decode(Path file, PictureFormat format) throws IOException {
    ImageReader reader = format.reader();
    try (ImageInputStream in = new FileImageInputStream(file.toFile())) {
      reader.setInput(in, true, true);
      long width = reader.getWidth(0);
      long height = reader.getHeight(0);
      if (width * height > MAX_PIXELS) {
        throw new MalformedFileException(
            file, "%d × %d pixels are too many".formatted(width, height));
      }
      return reader.read(0);
    } catch (MalformedFileException fault) {
      throw fault;
    } catch (IOException | RuntimeException damaged) { // decoders meet bad data with either
      throw damaged(file, damaged.getMessage());
    } finally {
      reader.dispose();
    }
  }

  private static MalformedFileException damaged(Path file, String fault) {
    return new MalformedFileException(file, "damaged image: " + fault);
  }
}
