package org.lanewise.nn.text;

import java.util.LinkedHashSet;
import java.util.List;
import java.util.SequencedSet;
import java.util.stream.Stream;
import tools.jackson.core.JsonGenerator;

/** Writes the post-processor of {@code tokenizer.json}. */
record TemplateWriter(JsonGenerator json) {
  void write(Template template) {
    if (template.equals(Template.NONE)) {
      json.writeNull();
      return;
    }
    if (!template.trimmed()) {
      writePieces(template);
      return;
    }
    json.writeStartObject();
    json.writeStringProperty("type", "Sequence");
    json.writeArrayPropertyStart("processors");
    TokenizerWriter.writeByteLevel(json, true, true, true);
    writePieces(template);
    json.writeEndArray();
    json.writeEndObject();
  }

  private void writePieces(Template template) {
    json.writeStartObject();
    json.writeStringProperty("type", "TemplateProcessing");
    json.writeArrayPropertyStart("single");
    template.single().forEach(this::write);
    json.writeEndArray();
    json.writeArrayPropertyStart("pair");
    template.pair().forEach(this::write);
    json.writeEndArray();
    json.writeObjectPropertyStart("special_tokens");
    for (Template.Special special : specials(template.single(), template.pair())) {
      json.writeObjectPropertyStart(special.token());
      json.writeStringProperty("id", special.token());
      json.writeArrayPropertyStart("ids");
      json.writeNumber(special.id());
      json.writeEndArray();
      json.writeArrayPropertyStart("tokens");
      json.writeString(special.token());
      json.writeEndArray();
      json.writeEndObject();
    }
    json.writeEndObject();
    json.writeEndObject();
  }

  /** Each special token once, of whatever type. */
  private static SequencedSet<Template.Special> specials(
      List<Template.Piece> single, List<Template.Piece> pair) {
    SequencedSet<Template.Special> specials = new LinkedHashSet<>();
    Stream.concat(single.stream(), pair.stream())
        .forEach(piece -> {
          if (piece instanceof Template.Special(String token, int id, int _)) {
            specials.add(new Template.Special(token, id, 0));
          }
        });
    return specials;
  }

  private void write(Template.Piece piece) {
    json.writeStartObject();
    switch (piece) {
      case Template.Special(String token, int _, int type) -> {
        json.writeObjectPropertyStart("SpecialToken");
        json.writeStringProperty("id", token);
        json.writeNumberProperty("type_id", type);
      }
      case Template.Text(int index, int type) -> {
        json.writeObjectPropertyStart("Sequence");
        json.writeStringProperty("id", index == 0 ? "A" : "B");
        json.writeNumberProperty("type_id", type);
      }
    }
    json.writeEndObject();
    json.writeEndObject();
  }
}
