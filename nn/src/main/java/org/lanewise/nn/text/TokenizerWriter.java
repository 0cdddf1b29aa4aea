package org.lanewise.nn.text;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import org.lanewise.nn.io.AtomicFile;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Writes {@code tokenizer.json}, which {@link TokenizerJson} reads. */
final class TokenizerWriter {
  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private final JsonGenerator json;

  private TokenizerWriter(JsonGenerator json) {
    this.json = json;
  }

  static void write(PipelineTokenizer.Parts parts, Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), buffered)) {
            new TokenizerWriter(json).write(parts);
          }
          buffered.flush();
        });
  }

  private void write(PipelineTokenizer.Parts parts) {
    json.writeStartObject();
    json.writeStringProperty("version", "1.0");
    json.writeNullProperty("truncation");
    json.writeNullProperty("padding");
    json.writeArrayPropertyStart("added_tokens");
    parts.added().forEach(this::write);
    json.writeEndArray();
    json.writeName("normalizer");
    write(parts.normalizer());
    json.writeName("pre_tokenizer");
    write(parts.preTokenizer());
    json.writeName("post_processor");
    new TemplateWriter(json).write(parts.template());
    json.writeName("decoder");
    write(parts.decoder());
    json.writeName("model");
    new ModelWriter(json).write(parts.model());
    json.writeEndObject();
  }

  private void write(AddedToken token) {
    json.writeStartObject();
    json.writeNumberProperty("id", token.id());
    json.writeStringProperty("content", token.content());
    json.writeBooleanProperty("single_word", token.singleWord());
    json.writeBooleanProperty("lstrip", token.stripLeft());
    json.writeBooleanProperty("rstrip", token.stripRight());
    json.writeBooleanProperty("normalized", token.normalized());
    json.writeBooleanProperty("special", token.special());
    json.writeEndObject();
  }

  private void start(String type) {
    json.writeStartObject();
    json.writeStringProperty("type", type);
  }

  private void write(Normalizer normalizer) {
    switch (normalizer) {
      case Normalizer.None() -> {
        json.writeNull();
        return;
      }
      case BertNormalizer bert -> {
        start("BertNormalizer");
        json.writeBooleanProperty("clean_text", bert.cleanText());
        json.writeBooleanProperty("handle_chinese_chars", bert.spaceChinese());
        json.writeBooleanProperty("strip_accents", bert.stripAccents());
        json.writeBooleanProperty("lowercase", bert.lowercase());
      }
      case UnicodeNormalizer(var form) -> start(form.name());
      case Normalizer.Lowercase() -> start("Lowercase");
      case Normalizer.StripAccents() -> start("StripAccents");
      case Normalizer.Strip(boolean left, boolean right) -> {
        start("Strip");
        json.writeBooleanProperty("strip_left", left);
        json.writeBooleanProperty("strip_right", right);
      }
      case Normalizer.Prepend(String prefix) -> {
        start("Prepend");
        json.writeStringProperty("prepend", prefix);
      }
      case Normalizer.Replace(String pattern, boolean repeated, String content) -> {
        start("Replace");
        json.writeObjectPropertyStart("pattern");
        json.writeStringProperty(
            repeated ? "Regex" : "String", repeated ? pattern + "{2,}" : pattern);
        json.writeEndObject();
        json.writeStringProperty("content", content);
      }
      case PrecompiledNormalizer precompiled -> {
        start("Precompiled");
        json.writeStringProperty(
            "precompiled_charsmap", Base64.getEncoder().encodeToString(precompiled.map()));
      }
      case Normalizer.Sequence(List<Normalizer> steps) -> {
        start("Sequence");
        json.writeArrayPropertyStart("normalizers");
        steps.forEach(this::write);
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  private void write(PreTokenizer preTokenizer) {
    switch (preTokenizer) {
      case PreTokenizer.Whole() -> {
        json.writeNull();
        return;
      }
      case BertWords() -> start("BertPreTokenizer");
      case PreTokenizer.Blanks() -> start("WhitespaceSplit");
      case ByteLevelWords(boolean prefixSpace, boolean split) -> {
        writeByteLevel(json, prefixSpace, true, split);
        return;
      }
      case MetaspaceWords(char replacement, MetaspaceWords.Prefix prefix, boolean split) -> {
        start("Metaspace");
        writeMetaspace(replacement, prefix, split);
      }
      case PreTokenizer.Sequence(List<PreTokenizer> steps) -> {
        start("Sequence");
        json.writeArrayPropertyStart("pretokenizers");
        steps.forEach(this::write);
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  /** The same object stands for a pre-tokenizer, a decoder and the trimming of ranges. */
  static void writeByteLevel(
      JsonGenerator json, boolean prefixSpace, boolean trimmed, boolean split) {
    json.writeStartObject();
    json.writeStringProperty("type", "ByteLevel");
    json.writeBooleanProperty("add_prefix_space", prefixSpace);
    json.writeBooleanProperty("trim_offsets", trimmed);
    json.writeBooleanProperty("use_regex", split);
    json.writeEndObject();
  }

  private void writeMetaspace(char replacement, MetaspaceWords.Prefix prefix, boolean split) {
    json.writeStringProperty("replacement", String.valueOf(replacement));
    json.writeStringProperty(
        "prepend_scheme",
        switch (prefix) {
          case ALWAYS -> "always";
          case FIRST -> "first";
          case NEVER -> "never";
        });
    json.writeBooleanProperty("split", split);
  }

  private void write(Decoder decoder) {
    switch (decoder) {
      case Decoder.Spaced() -> {
        json.writeNull();
        return;
      }
      case Decoder.Fuse() -> start("Fuse");
      case Decoder.ByteLevel() -> {
        writeByteLevel(json, true, true, true);
        return;
      }
      case Decoder.WordPieces(String prefix, boolean cleanup) -> {
        start("WordPiece");
        json.writeStringProperty("prefix", prefix);
        json.writeBooleanProperty("cleanup", cleanup);
      }
      case Decoder.Metaspace(char replacement, MetaspaceWords.Prefix prefix) -> {
        start("Metaspace");
        writeMetaspace(replacement, prefix, true);
      }
    }
    json.writeEndObject();
  }
}
