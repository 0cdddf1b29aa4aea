package org.lanewise.nn.text;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.charset.CharacterCodingException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.lanewise.nn.io.JsonValue;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.RegularFile;

/** Reads the older files that BERT and GPT-2 came with. */
final class VocabularyFiles {
  private static final List<String> BERT_SPECIALS =
      List.of("[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]");
  private static final String END_OF_TEXT = "<|endoftext|>";

  private VocabularyFiles() {}

  /**
   * BERT's: a token per line, whose number is the id.
   *
   * @param configuration {@code tokenizer_config.json}, which may be absent: whether the model is
   *     of lower case stands there alone
   */
  static Tokenizer wordPiece(Path vocabularyFile, Path configuration) throws IOException {
    Map<String, Integer> ids = new HashMap<>();
    List<String> lines = lines(vocabularyFile);
    for (int id = 0; id < lines.size(); id++) {
      Integer other = ids.put(lines.get(id), id);
      if (other != null) {
        throw new MalformedFileException(
            vocabularyFile,
            "lines %d and %d are both '%s'".formatted(other + 1, id + 1, lines.get(id)));
      }
    }
    BertNormalizer normalizer = new BertNormalizer(true, true, true, true);
    if (Files.exists(configuration)) {
      JsonValue options = JsonValue.read(configuration);
      boolean lowercase = options.get("do_lower_case").truth(true);
      normalizer =
          new BertNormalizer(
              true,
              options.get("tokenize_chinese_chars").truth(true),
              options.get("strip_accents").truth(lowercase),
              lowercase);
    }
    try {
      return wordPiece(new Vocabulary(ids), normalizer);
    } catch (IllegalArgumentException misfit) {
      throw new MalformedFileException(vocabularyFile, misfit.getMessage());
    }
  }

  private static Tokenizer wordPiece(Vocabulary vocabulary, BertNormalizer normalizer) {
    Template.Piece start = special(vocabulary, "[CLS]", 0);
    Template.Piece end = special(vocabulary, "[SEP]", 0);
    Template.Piece pairEnd = special(vocabulary, "[SEP]", 1);
    Template.Piece first = new Template.Text(0, 0);
    return new PipelineTokenizer(
        new PipelineTokenizer.Parts(
            BERT_SPECIALS.stream()
                .filter(token -> vocabulary.id(token) >= 0)
                .map(token -> AddedToken.special(vocabulary.id(token), token))
                .toList(),
            normalizer,
            new BertWords(),
            new WordPiece(vocabulary, "[UNK]", "##", 100),
            new Template(
                List.of(start, first, end),
                List.of(start, first, end, new Template.Text(1, 1), pairEnd),
                false),
            new Decoder.WordPieces("##", true)));
  }

  private static Template.Special special(Vocabulary vocabulary, String token, int type) {
    return new Template.Special(token, vocabulary.require("special token", token), type);
  }

  /** GPT-2's: a JSON object of ids by token, and the two tokens of a merge per line. */
  static Tokenizer bytePairs(Path vocabularyFile, Path mergesFile) throws IOException {
    List<MergeTable.Merge> merges = new ArrayList<>();
    List<String> lines = lines(mergesFile);
    for (int i = 0; i < lines.size(); i++) {
      if (i == 0 && lines.get(i).startsWith("#version")) {
        continue;
      }
      String[] parts = lines.get(i).split(" ", -1);
      if (parts.length != 2) {
        throw new MalformedFileException(
            mergesFile,
            "line %d is '%s' where two tokens were expected".formatted(i + 1, lines.get(i)));
      }
      merges.add(new MergeTable.Merge(parts[0], parts[1]));
    }
    try {
      Vocabulary vocabulary = TokenizerJson.vocabulary(JsonValue.read(vocabularyFile));
      List<AddedToken> added =
          Stream.of(END_OF_TEXT)
              .filter(token -> vocabulary.id(token) >= 0)
              .map(token -> AddedToken.special(vocabulary.id(token), token))
              .toList();
      return byteLevel(vocabulary, merges, added);
    } catch (IllegalArgumentException misfit) {
      throw new MalformedFileException(vocabularyFile, misfit.getMessage());
    }
  }

  /** GPT-2's steps around a vocabulary. */
  static Tokenizer byteLevel(
      Vocabulary vocabulary, List<MergeTable.Merge> merges, List<AddedToken> added) {
    return new PipelineTokenizer(
        new PipelineTokenizer.Parts(
            added,
            new Normalizer.None(),
            new ByteLevelWords(false, true),
            new BytePairs(vocabulary, merges),
            Template.NONE,
            new Decoder.ByteLevel()));
  }

  private static List<String> lines(Path file) throws IOException {
    long bytes = RegularFile.size(file);
    if (bytes > JsonValue.MAX_BYTES) {
      throw new MalformedFileException(
          file, "%d bytes are above the limit of %d".formatted(bytes, JsonValue.MAX_BYTES));
    }
    try {
      List<String> lines = new ArrayList<>();
      String text = Files.readString(file, UTF_8);
      int from = 0;
      while (from < text.length()) {
        int end = text.indexOf('\n', from);
        int to = end < 0 ? text.length() : end;
        lines.add(text.substring(from, to > from && text.charAt(to - 1) == '\r' ? to - 1 : to));
        from = to + 1;
      }
      return lines;
    } catch (CharacterCodingException notUtf8) {
      throw new MalformedFileException(file, "is not UTF-8");
    }
  }
}
