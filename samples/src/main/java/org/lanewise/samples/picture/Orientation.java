package org.lanewise.samples.picture;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * How the camera was held, as Exif stores it (CIPA DC-008, tag 274): what is to be done with the
 * stored rows so that the picture is seen upright.
 *
 * @param transposes whether rows become columns, first of all
 * @param mirrorsRows whether left and right are exchanged
 * @param mirrorsColumns whether top and bottom are exchanged
 */
record Orientation(boolean transposes, boolean mirrorsRows, boolean mirrorsColumns) {
  /** Nothing is to be done. */
  static final Orientation UPRIGHT = new Orientation(false, false, false);

  private static final int TAG = 274;
  private static final int SHORT = 3;
  private static final int ENTRY_BYTES = 12;
  private static final int LITTLE_ENDIAN = 'I' << 8 | 'I';

  /** The orientation with one of Exif's numbers, 1 to 8; others mean upright, as does none. */
  static Orientation of(int number) {
    return switch (number) {
      case 2 -> new Orientation(false, true, false);
      case 3 -> new Orientation(false, true, true);
      case 4 -> new Orientation(false, false, true);
      case 5 -> new Orientation(true, false, false);
      case 6 -> new Orientation(true, true, false);
      case 7 -> new Orientation(true, true, true);
      case 8 -> new Orientation(true, false, true);
      default -> UPRIGHT;
    };
  }

  /** The orientation in Exif data: a TIFF file's first directory. Damaged data says nothing. */
  static Orientation ofTiff(ByteBuffer exif) {
    ByteBuffer tiff = exif.slice();
    if (tiff.limit() < 8) {
      return UPRIGHT;
    }
    if (tiff.getShort(0) == LITTLE_ENDIAN) {
      tiff.order(ByteOrder.LITTLE_ENDIAN);
    }
    long directory = Integer.toUnsignedLong(tiff.getInt(4));
    if (directory > tiff.limit() - Short.BYTES) {
      return UPRIGHT;
    }
    int first = (int) directory + Short.BYTES;
    int entries = tiff.getShort((int) directory) & 0xffff;
    for (int i = 0; i < entries && first + (i + 1) * ENTRY_BYTES <= tiff.limit(); i++) {
      int entry = first + i * ENTRY_BYTES;
      if (tiff.getShort(entry) == TAG && tiff.getShort(entry + 2) == SHORT) {
        return of(tiff.getShort(entry + 8));
      }
    }
    return UPRIGHT;
  }

  /** The picture as it is seen. */
  Grayscale apply(Grayscale stored) {
    Grayscale picture = transposes ? stored.transpose() : stored;
    if (mirrorsRows) {
      picture = picture.mirrorRows();
    }
    return mirrorsColumns ? picture.transpose().mirrorRows().transpose() : picture;
  }
}
