package org.lanewise.nn.text;

import java.util.List;
import tools.jackson.core.JsonGenerator;

/** Writes the model of {@code tokenizer.json}. */
record ModelWriter(JsonGenerator json) {
  void write(Model model) {
    json.writeStartObject();
    switch (model) {
      case WordPiece words -> {
        json.writeStringProperty("type", "WordPiece");
        json.writeStringProperty("unk_token", words.unknownToken());
        json.writeStringProperty("continuing_subword_prefix", words.prefix());
        json.writeNumberProperty("max_input_chars_per_word", words.maxWordLength());
        writeVocabulary(words.vocabulary());
      }
      case BytePairs pairs -> writePairs(null, false, pairs.vocabulary(), pairs.merges());
      case CharacterModel characters ->
          writePairs(
              characters.unknownToken(),
              characters.fuseUnknown(),
              characters.vocabulary(),
              List.of());
      case Unigram unigram -> {
        json.writeStringProperty("type", "Unigram");
        json.writeNumberProperty("unk_id", unigram.unknown());
        json.writeBooleanProperty("byte_fallback", unigram.byteFallback());
        json.writeArrayPropertyStart("vocab");
        double[] scores = unigram.scores();
        for (int id = 0; id < scores.length; id++) {
          json.writeStartArray();
          json.writeString(unigram.vocabulary().token(id));
          json.writeNumber(scores[id]);
          json.writeEndArray();
        }
        json.writeEndArray();
      }
    }
    json.writeEndObject();
  }

  private void writePairs(
      String unknown, boolean fuseUnknown, Vocabulary vocabulary, List<MergeTable.Merge> merges) {
    json.writeStringProperty("type", "BPE");
    json.writeNullProperty("dropout");
    json.writeStringProperty("unk_token", unknown);
    json.writeNullProperty("continuing_subword_prefix");
    json.writeNullProperty("end_of_word_suffix");
    json.writeBooleanProperty("fuse_unk", fuseUnknown);
    json.writeBooleanProperty("byte_fallback", false);
    json.writeBooleanProperty("ignore_merges", false);
    writeVocabulary(vocabulary);
    json.writeArrayPropertyStart("merges");
    for (MergeTable.Merge merge : merges) {
      json.writeStartArray();
      json.writeString(merge.left());
      json.writeString(merge.right());
      json.writeEndArray();
    }
    json.writeEndArray();
  }

  private void writeVocabulary(Vocabulary vocabulary) {
    json.writeObjectPropertyStart("vocab");
    for (int id = 0; id < vocabulary.size(); id++) {
      if (vocabulary.token(id) != null) {
        json.writeNumberProperty(vocabulary.token(id), id);
      }
    }
    json.writeEndObject();
  }
}
