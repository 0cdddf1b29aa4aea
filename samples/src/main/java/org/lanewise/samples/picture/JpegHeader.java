package org.lanewise.samples.picture;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * What the markers of a JPEG file say (ITU-T T.81, annex B).
 *
 * @param pixels in the picture
 * @param components 1 for gray, 3 for colors, 4 for printing inks
 * @param scans through the picture: a progressive file has many, of a few bytes each if it wants
 * @param orientation how the camera was held, see {@link Orientation}
 */
record JpegHeader(long pixels, int components, int scans, Orientation orientation) {
  private static final byte[] EXIF = "Exif\0\0".getBytes(StandardCharsets.US_ASCII);

  private static final int TEM = 0x01;
  private static final int SOF_0 = 0xc0;
  private static final int DHT = 0xc4;
  private static final int JPG = 0xc8;
  private static final int DAC = 0xcc;
  private static final int SOF_15 = 0xcf;
  private static final int RST_0 = 0xd0;
  private static final int SOI = 0xd8;
  private static final int EOI = 0xd9;
  private static final int SOS = 0xda;
  private static final int APP_1 = 0xe1;

  /** Reads all markers of a file, up to its end if it is cut. */
  static JpegHeader read(DataInputStream in) throws IOException {
    long pixels = 0;
    int components = 0;
    int scans = 0;
    Orientation orientation = Orientation.UPRIGHT;
    try {
      for (int marker = nextMarker(in); marker != EOI; marker = nextMarker(in)) {
        if (standsAlone(marker)) {
          continue;
        }
        byte[] segment = segment(in);
        if (isFrame(marker) && segment.length >= 6) {
          ByteBuffer frame = ByteBuffer.wrap(segment);
          pixels = (long) (frame.getShort(1) & 0xffff) * (frame.getShort(3) & 0xffff);
          components = frame.get(5) & 0xff;
        } else if (marker == SOS) {
          scans++;
        } else if (marker == APP_1 && isExif(segment)) {
          orientation =
              Orientation.ofTiff(
                  ByteBuffer.wrap(segment, EXIF.length, segment.length - EXIF.length));
        }
      }
    } catch (EOFException _) {
      // The decoder shows what there is of a file that is cut.
    }
    return new JpegHeader(pixels, components, scans, orientation);
  }

  /** Skips compressed data too, in which a zero follows each byte that looks like a marker. */
  private static int nextMarker(DataInputStream in) throws IOException {
    int code = in.readUnsignedByte();
    do {
      while (code != 0xff) {
        code = in.readUnsignedByte();
      }
      while (code == 0xff) {
        code = in.readUnsignedByte();
      }
    } while (code == 0);
    return code;
  }

  private static byte[] segment(DataInputStream in) throws IOException {
    byte[] segment = new byte[Math.max(0, in.readUnsignedShort() - Short.BYTES)];
    in.readFully(segment);
    return segment;
  }

  private static boolean standsAlone(int marker) {
    return marker == TEM || marker >= RST_0 && marker <= SOI;
  }

  private static boolean isFrame(int marker) {
    return marker >= SOF_0 && marker <= SOF_15 && marker != DHT && marker != JPG && marker != DAC;
  }

  private static boolean isExif(byte[] segment) {
    return segment.length >= EXIF.length
        && Arrays.equals(segment, 0, EXIF.length, EXIF, 0, EXIF.length);
  }
}
