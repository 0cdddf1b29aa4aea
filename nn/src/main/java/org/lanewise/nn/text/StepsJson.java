package org.lanewise.nn.text;

import java.io.IOException;
import java.text.Normalizer.Form;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.lanewise.nn.io.JsonValue;
import org.lanewise.nn.io.MalformedFileException;

/** Reads the normalizer, the pre-tokenizer and the decoder of {@code tokenizer.json}. */
final class StepsJson {
  private StepsJson() {}

  static Normalizer normalizer(JsonValue step) throws IOException {
    if (step.isNull()) {
      return new Normalizer.None();
    }
    return switch (step.get("type").string()) {
      case "BertNormalizer" -> {
        boolean lowercase = step.get("lowercase").truth(true);
        yield new BertNormalizer(
            step.get("clean_text").truth(true),
            step.get("handle_chinese_chars").truth(true),
            step.get("strip_accents").truth(lowercase),
            lowercase);
      }
      case "NFC" -> new UnicodeNormalizer(Form.NFC);
      case "NFD" -> new UnicodeNormalizer(Form.NFD);
      case "NFKC" -> new UnicodeNormalizer(Form.NFKC);
      case "NFKD" -> new UnicodeNormalizer(Form.NFKD);
      case "Lowercase" -> new Normalizer.Lowercase();
      case "StripAccents" -> new Normalizer.StripAccents();
      case "Strip" ->
          new Normalizer.Strip(
              step.get("strip_left").truth(true), step.get("strip_right").truth(true));
      case "Prepend" -> new Normalizer.Prepend(step.get("prepend").string());
      case "Replace" -> replace(step);
      case "Precompiled" -> precompiled(step.get("precompiled_charsmap"));
      case "Sequence" -> {
        List<Normalizer> steps = new ArrayList<>();
        for (JsonValue part : step.get("normalizers").list()) {
          steps.add(normalizer(part));
        }
        yield new Normalizer.Sequence(steps);
      }
      default -> throw unsupported(step);
    };
  }

  /** Of regular expressions, only two and more spaces are supported, which many files have. */
  private static Normalizer replace(JsonValue step) throws IOException {
    String content = step.get("content").string();
    JsonValue pattern = step.get("pattern");
    if (!pattern.get("String").isNull()) {
      return new Normalizer.Replace(pattern.get("String").string(), false, content);
    }
    String regex = pattern.get("Regex").string();
    if (!regex.equals(" {2,}")) {
      throw pattern.fault("is the regular expression '" + regex + "', which is not supported");
    }
    return new Normalizer.Replace(" ", true, content);
  }

  private static Normalizer precompiled(JsonValue map) throws IOException {
    try {
      return new PrecompiledNormalizer(Base64.getDecoder().decode(map.string()));
    } catch (IllegalArgumentException malformed) {
      throw map.fault("is malformed: " + malformed.getMessage());
    }
  }

  static PreTokenizer preTokenizer(JsonValue step) throws IOException {
    if (step.isNull()) {
      return new PreTokenizer.Whole();
    }
    return switch (step.get("type").string()) {
      case "BertPreTokenizer" -> new BertWords();
      case "ByteLevel" ->
          new ByteLevelWords(
              step.get("add_prefix_space").truth(true), step.get("use_regex").truth(true));
      case "Metaspace" ->
          new MetaspaceWords(
              character(step.get("replacement")), prefix(step), step.get("split").truth(true));
      case "WhitespaceSplit" -> new PreTokenizer.Blanks();
      case "Sequence" -> {
        List<PreTokenizer> steps = new ArrayList<>();
        for (JsonValue part : step.get("pretokenizers").list()) {
          steps.add(preTokenizer(part));
        }
        yield new PreTokenizer.Sequence(steps);
      }
      default -> throw unsupported(step);
    };
  }

  private static char character(JsonValue value) throws IOException {
    String text = value.string(String.valueOf(MetaspaceWords.BLOCK));
    if (text.length() != 1 || Character.isSurrogate(text.charAt(0))) {
      throw value.fault("is '" + text + "' where one character was expected");
    }
    return text.charAt(0);
  }

  /** Older files have a truth value instead. */
  private static MetaspaceWords.Prefix prefix(JsonValue step) throws IOException {
    JsonValue scheme = step.get("prepend_scheme");
    if (scheme.isNull()) {
      return step.get("add_prefix_space").truth(true)
          ? MetaspaceWords.Prefix.ALWAYS
          : MetaspaceWords.Prefix.NEVER;
    }
    return switch (scheme.string()) {
      case "always" -> MetaspaceWords.Prefix.ALWAYS;
      case "first" -> MetaspaceWords.Prefix.FIRST;
      case "never" -> MetaspaceWords.Prefix.NEVER;
      default -> throw scheme.fault("is '" + scheme.string() + "', which is not supported");
    };
  }

  static Decoder decoder(JsonValue step) throws IOException {
    if (step.isNull()) {
      return new Decoder.Spaced();
    }
    return switch (step.get("type").string()) {
      case "ByteLevel" -> new Decoder.ByteLevel();
      case "Fuse" -> new Decoder.Fuse();
      case "Metaspace" -> new Decoder.Metaspace(character(step.get("replacement")), prefix(step));
      case "WordPiece" ->
          new Decoder.WordPieces(step.get("prefix").string("##"), step.get("cleanup").truth(true));
      default -> throw unsupported(step);
    };
  }

  static MalformedFileException unsupported(JsonValue step) throws IOException {
    JsonValue type = step.get("type");
    return type.fault("is '" + type.string() + "', which is not supported");
  }
}
