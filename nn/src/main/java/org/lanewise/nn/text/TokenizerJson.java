package org.lanewise.nn.text;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.nn.io.JsonValue;
import org.lanewise.nn.io.MalformedFileException;

/**
 * Reads {@code tokenizer.json}, the one file in which the Hugging Face library keeps a tokenizer.
 * Its lengths to cut and pad to are of no interest here: who encodes says what is needed.
 */
final class TokenizerJson {
  private TokenizerJson() {}

  static Tokenizer read(Path file) throws IOException {
    JsonValue root = JsonValue.read(file);
    try {
      List<AddedToken> added = added(root.get("added_tokens"));
      JsonValue preTokenizer = root.get("pre_tokenizer");
      PreTokenizer words = StepsJson.preTokenizer(preTokenizer);
      Model model = model(root.get("model"), hasByteLevel(words));
      return new PipelineTokenizer(
          new PipelineTokenizer.Parts(
              added,
              StepsJson.normalizer(root.get("normalizer")),
              words,
              model,
              TemplateJson.template(root.get("post_processor"), model.vocabulary(), added),
              StepsJson.decoder(root.get("decoder"))));
    } catch (IllegalArgumentException misfit) {
      throw new MalformedFileException(file, misfit.getMessage());
    }
  }

  private static boolean hasByteLevel(PreTokenizer words) {
    return words instanceof ByteLevelWords
        || words instanceof PreTokenizer.Sequence(List<PreTokenizer> steps)
            && steps.stream().anyMatch(ByteLevelWords.class::isInstance);
  }

  private static List<AddedToken> added(JsonValue list) throws IOException {
    List<AddedToken> added = new ArrayList<>();
    if (list.isNull()) {
      return added;
    }
    for (JsonValue token : list.list()) {
      added.add(
          new AddedToken(
              token.get("id").integer(Vocabulary.MAX_ID),
              token.get("content").string(),
              token.get("single_word").truth(false),
              token.get("lstrip").truth(false),
              token.get("rstrip").truth(false),
              token.get("normalized").truth(true),
              token.get("special").truth(false)));
    }
    return added;
  }

  private static Model model(JsonValue model, boolean byteLevel) throws IOException {
    JsonValue type = model.get("type");
    return switch (type.isNull() ? guessedType(model) : type.string()) {
      case "WordPiece" ->
          new WordPiece(
              vocabulary(model.get("vocab")),
              model.get("unk_token").string("[UNK]"),
              model.get("continuing_subword_prefix").string("##"),
              model.get("max_input_chars_per_word").isNull()
                  ? 100
                  : model.get("max_input_chars_per_word").integer(Integer.MAX_VALUE));
      case "BPE" -> bytePairs(model, byteLevel);
      case "Unigram" -> unigram(model);
      default -> throw StepsJson.unsupported(model);
    };
  }

  /** Old files do not say the type. */
  private static String guessedType(JsonValue model) throws IOException {
    return !model.get("merges").isNull()
        ? "BPE"
        : !model.get("continuing_subword_prefix").isNull()
            ? "WordPiece"
            : model.get("vocab").isList() ? "Unigram" : "unknown";
  }

  static Vocabulary vocabulary(JsonValue vocabulary) throws IOException {
    Map<String, Integer> ids = new HashMap<>();
    for (String token : vocabulary.names()) {
      ids.put(token, vocabulary.get(token).integer(Vocabulary.MAX_ID));
    }
    return new Vocabulary(ids);
  }

  private static Model bytePairs(JsonValue model, boolean byteLevel) throws IOException {
    requireUnset(model.get("dropout"));
    requireUnset(model.get("byte_fallback"));
    requireUnset(model.get("ignore_merges"));
    requireUnset(model.get("continuing_subword_prefix"));
    requireUnset(model.get("end_of_word_suffix"));
    Vocabulary vocabulary = vocabulary(model.get("vocab"));
    List<MergeTable.Merge> merges = new ArrayList<>();
    for (JsonValue merge : model.get("merges").list()) {
      merges.add(merge(merge));
    }
    if (byteLevel) {
      return new BytePairs(vocabulary, merges);
    }
    if (!merges.isEmpty()) {
      throw model.fault("has merges of characters, of which only those of bytes are supported");
    }
    return CharacterModel.of(
        vocabulary, model.get("unk_token").string(), model.get("fuse_unk").truth(false));
  }

  private static void requireUnset(JsonValue option) throws MalformedFileException {
    Object value = option.value();
    if (value != null
        && !value.equals(false)
        && !value.equals("")
        && !(value instanceof Number number && number.doubleValue() == 0)) {
      throw option.fault("is " + value + ", which is not supported");
    }
  }

  /** An array of two tokens, or in older files both with a space between them. */
  private static MergeTable.Merge merge(JsonValue merge) throws IOException {
    if (merge.isString()) {
      String[] parts = merge.string().split(" ", -1);
      if (parts.length != 2) {
        throw merge.fault("is '" + merge.string() + "' where two tokens were expected");
      }
      return new MergeTable.Merge(parts[0], parts[1]);
    }
    List<JsonValue> parts = merge.list();
    if (parts.size() != 2) {
      throw merge.fault("has " + parts.size() + " tokens where two were expected");
    }
    return new MergeTable.Merge(parts.get(0).string(), parts.get(1).string());
  }

  private static Model unigram(JsonValue model) throws IOException {
    List<JsonValue> entries = model.get("vocab").list();
    if (model.get("unk_id").isNull()) {
      throw model.get("unk_id").fault("is missing: a text may have characters without a token");
    }
    Map<String, Integer> ids = new HashMap<>();
    double[] scores = new double[entries.size()];
    for (int id = 0; id < scores.length; id++) {
      List<JsonValue> pair = entries.get(id).list();
      if (pair.size() != 2) {
        throw entries.get(id).fault("is not a token and a score");
      }
      Integer other = ids.put(pair.get(0).string(), id);
      if (other != null) {
        throw entries.get(id).fault("is the token '" + pair.get(0).string() + "' of id " + other);
      }
      scores[id] = pair.get(1).number();
    }
    return new Unigram(
        new Vocabulary(ids),
        scores,
        model.get("unk_id").integer(Vocabulary.MAX_ID),
        model.get("byte_fallback").truth(false));
  }
}
