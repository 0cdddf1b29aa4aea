package org.lanewise.samples.picture;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;

/** Finds out how the camera was held, which a PNG file says in a chunk of its own. */
final class PngHeader {
  private static final int EXIF = 0x65584966; // eXIf
  private static final int END = 0x49454e44; // IEND
  private static final int CHECKSUM_BYTES = 4;

  /** The orientation is in the first few bytes, the rest is of no use here. */
  private static final int MAX_EXIF_BYTES = 1 << 16;

  private PngHeader() {}

  /** Goes through the chunks of a file, up to its end if it is cut. */
  static Orientation orientation(DataInputStream in) throws IOException {
    try {
      in.skipNBytes(PictureFormat.MAGIC_BYTES);
      while (true) {
        long length = Integer.toUnsignedLong(in.readInt());
        int type = in.readInt();
        if (type == END) {
          return Orientation.UPRIGHT;
        }
        if (type == EXIF) {
          return Orientation.ofTiff(
              ByteBuffer.wrap(in.readNBytes((int) Math.min(length, MAX_EXIF_BYTES))));
        }
        in.skipNBytes(length + CHECKSUM_BYTES);
      }
    } catch (EOFException _) {
      return Orientation.UPRIGHT; // the decoder tells what is wrong
    }
  }
}
