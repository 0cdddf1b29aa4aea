package org.lanewise.nn.text;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.nn.io.MalformedFileException;

/** Reads tokenizers from files, writes them, and makes simple ones. */
public final class Tokenizers {
  private static final String UNKNOWN = "<unk>";

  private Tokenizers() {}

  /**
   * Reads the tokenizer of a pretrained model.
   *
   * <p>These files are understood: {@code tokenizer.json} with a model that is WordPiece, byte
   * pairs of bytes, unigram, or byte pairs without merges (characters); BERT's {@code vocab.txt},
   * beside which {@code tokenizer_config.json} may say that case counts; GPT-2's {@code vocab.json}
   * with {@code merges.txt} beside it.
   *
   * @param path a file named like one of these, or with the same ending; or a folder with them
   * @throws MalformedFileException if a file is malformed, its vocabulary does not fit, or a part
   *     of the tokenizer is of a kind that is not supported, which the message names
   * @throws NoSuchFileException if a folder has none of them
   */
  public static Tokenizer read(Path path) throws IOException {
    Path file = Files.isDirectory(path) ? fileOf(path) : path;
    String name = file.getFileName().toString();
    if (name.endsWith("vocab.json")) {
      String prefix = name.substring(0, name.length() - "vocab.json".length());
      return VocabularyFiles.bytePairs(file, file.resolveSibling(prefix + "merges.txt"));
    }
    if (name.endsWith(".txt")) {
      return VocabularyFiles.wordPiece(file, file.resolveSibling("tokenizer_config.json"));
    }
    return TokenizerJson.read(file);
  }

  private static Path fileOf(Path folder) throws NoSuchFileException {
    for (String name : List.of("tokenizer.json", "vocab.json", "vocab.txt")) {
      if (Files.exists(folder.resolve(name))) {
        return folder.resolve(name);
      }
    }
    throw new NoSuchFileException(
        folder.toString(), null, "the folder has no tokenizer.json, vocab.json or vocab.txt");
  }

  /**
   * Writes a tokenizer as {@code tokenizer.json}, which the Hugging Face library reads too.
   *
   * @throws IOException if the file cannot be written; then the old one, if any, is still there
   */
  public static void write(Tokenizer tokenizer, Path file) throws IOException {
    switch (tokenizer) {
      case PipelineTokenizer pipeline -> TokenizerWriter.write(pipeline.parts(), file);
    }
  }

  /**
   * A tokenizer whose tokens are the characters (code points) of a text, in the order of their
   * numbers from 1 on; the token of id 0 stands for all others.
   */
  public static Tokenizer characters(String text) {
    Map<String, Integer> ids = new HashMap<>();
    ids.put(UNKNOWN, 0);
    AlignedText.of(text, 0, text.length())
        .toString()
        .codePoints()
        .sorted()
        .distinct()
        .forEach(c -> ids.put(Character.toString(c), ids.size()));
    return new PipelineTokenizer(
        new PipelineTokenizer.Parts(
            List.of(),
            new Normalizer.None(),
            new PreTokenizer.Whole(),
            CharacterModel.of(new Vocabulary(ids), UNKNOWN, false),
            Template.NONE,
            new Decoder.Fuse()));
  }
}
