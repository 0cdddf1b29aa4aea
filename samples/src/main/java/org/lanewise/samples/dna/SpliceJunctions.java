package org.lanewise.samples.dna;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.BufferedReader;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;
import org.lanewise.cli.UserException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.data.MemoryDataset;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.RegularFile;

/**
 * Windows of primate DNA, each with what is in its middle: the Splice-junction Gene Sequences of
 * the UCI repository.
 *
 * @param sequences of 60 bases
 * @param sites of each
 */
record SpliceJunctions(List<String> sequences, List<Site> sites) {
  private static final String HEAD = "label\tsequence";

  /** Some thirty times those of the repository. */
  private static final int MOST = 100_000;

  /**
   * Reads a file of lines of label, tabulator and bases, below a head, that may be compressed.
   *
   * @throws UserException if it is not there
   * @throws MalformedFileException if it is no such file
   * @throws IOException if it cannot be read
   */
  static SpliceJunctions read(Path file) throws IOException {
    if (!Files.exists(file)) {
      throw new UserException(file + ": no such file; the splice junctions were expected there");
    }
    RegularFile.size(file);
    try (BufferedReader reader =
        new BufferedReader(
            new InputStreamReader(new GZIPInputStream(Files.newInputStream(file)), ISO_8859_1))) {
      return read(file, reader);
    } catch (EOFException _) {
      throw new MalformedFileException(file, "the file is truncated");
    } catch (ZipException damaged) {
      throw new MalformedFileException(file, "damaged gzip data: " + damaged.getMessage());
    }
  }

  private static SpliceJunctions read(Path file, BufferedReader reader) throws IOException {
    List<String> sequences = new ArrayList<>();
    List<Site> sites = new ArrayList<>();
    char[] longest = new char[HEAD.length() + Bases.WINDOW + 2];
    String line = line(reader, longest);
    if (!HEAD.equals(line)) {
      throw new MalformedFileException(file, "line 1 must be 'label', a tabulator, 'sequence'");
    }
    while ((line = line(reader, longest)) != null) {
      int number = sequences.size() + 2;
      String[] fields = line.split("\t", -1);
      Site site = Site.of(fields[0]);
      if (fields.length != 2 || site == null) {
        throw new MalformedFileException(
            file, "line %d must be ei, ie or n, a tabulator and bases".formatted(number));
      }
      String fault = Bases.fault(fields[1]);
      if (fault != null || number > MOST) {
        String most = "more than %,d lines".formatted(MOST);
        throw new MalformedFileException(
            file, "line %d: %s".formatted(number, fault == null ? most : fault));
      }
      sequences.add(fields[1]);
      sites.add(site);
    }
    if (sequences.isEmpty()) {
      throw new MalformedFileException(file, "no sequence follows the head");
    }
    return new SpliceJunctions(sequences, sites);
  }

  /** A line, or as much of it as there is place for: a damaged file may have but one. */
  private static String line(BufferedReader reader, char[] longest) throws IOException {
    int length = 0;
    int c = reader.read();
    if (c < 0) {
      return null;
    }
    for (; c >= 0 && c != '\n' && length < longest.length; c = reader.read()) {
      longest[length++] = (char) c;
    }
    return new String(longest, 0, length);
  }

  int size() {
    return sites.size();
  }

  /** The number of each one's site. */
  int[] labels() {
    return sites.stream().mapToInt(Site::ordinal).toArray();
  }

  /** Some of them, by their indices. */
  SpliceJunctions choose(int[] indices) {
    return new SpliceJunctions(
        Arrays.stream(indices).mapToObj(sequences::get).toList(),
        Arrays.stream(indices).mapToObj(sites::get).toList());
  }

  /** The windows as inputs {@code x} of shape [4, 1, 60]. */
  HostTensor inputs() {
    return Bases.oneHot(sequences);
  }

  /** The windows as inputs, the sites as {@code label}. */
  Dataset dataset() {
    return MemoryDataset.of("x", inputs()).and("label", HostTensor.of(labels(), size()));
  }
}
