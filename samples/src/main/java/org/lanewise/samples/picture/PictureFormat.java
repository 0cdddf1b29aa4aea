package org.lanewise.samples.picture;

import java.util.Arrays;
import java.util.HexFormat;
import java.util.Optional;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;

/** The formats that are read, and no other that the JDK happens to know. */
enum PictureFormat {
  PNG("89504e470d0a1a0a"),
  JPEG("ffd8ff"),
  GIF("47494638"),
  BMP("424d");

  /** Bytes of a file's start that tell its format. */
  static final int MAGIC_BYTES = 8;

  private final byte[] magic;

  PictureFormat(String magic) {
    this.magic = HexFormat.of().parseHex(magic);
  }

  /** The format of a file that starts with these bytes. */
  static Optional<PictureFormat> of(byte[] start) {
    return Arrays.stream(values()).filter(format -> format.matches(start)).findFirst();
  }

  private boolean matches(byte[] start) {
    return start.length >= magic.length
        && Arrays.equals(start, 0, magic.length, magic, 0, magic.length);
  }

  /** A decoder. */
  ImageReader reader() {
    return ImageIO.getImageReadersByFormatName(name()).next();
  }
}
