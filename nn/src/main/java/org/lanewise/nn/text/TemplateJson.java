package org.lanewise.nn.text;

import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.lanewise.nn.io.JsonValue;

/** Reads the post-processor of {@code tokenizer.json}, which puts special tokens around texts. */
final class TemplateJson {
  /** The ids of special tokens have to be those of the vocabulary. */
  private final Map<String, Integer> ids;

  private TemplateJson(Map<String, Integer> ids) {
    this.ids = ids;
  }

  static Template template(JsonValue step, Vocabulary vocabulary, List<AddedToken> added)
      throws IOException {
    Map<String, Integer> ids = new HashMap<>(vocabulary.ids());
    added.forEach(token -> ids.put(token.content(), token.id()));
    return new TemplateJson(ids).read(step);
  }

  private Template read(JsonValue step) throws IOException {
    if (step.isNull()) {
      return Template.NONE;
    }
    return switch (step.get("type").string()) {
      case "ByteLevel" -> Template.NONE.trimmed(step.get("trim_offsets").truth(true));
      case "BertProcessing" -> bert(step);
      case "RobertaProcessing" -> roberta(step);
      case "TemplateProcessing" ->
          new Template(pieces(step, "single"), pieces(step, "pair"), false);
      case "Sequence" -> sequence(step.get("processors").list());
      default -> throw StepsJson.unsupported(step);
    };
  }

  private Template sequence(List<JsonValue> steps) throws IOException {
    Template template = Template.NONE;
    for (JsonValue step : steps) {
      Template next = read(step);
      if (!next.bare().equals(next) && !template.bare().equals(template)) {
        throw step.fault("is a second template");
      }
      Template pieces = next.bare().equals(next) ? template : next;
      template = pieces.trimmed(template.trimmed() || next.trimmed());
    }
    return template;
  }

  private Template bert(JsonValue step) throws IOException {
    Template.Special start = special(step.get("cls"), 0);
    Template.Special end = special(step.get("sep"), 0);
    Template.Special pairEnd = special(step.get("sep"), 1);
    return new Template(
        List.of(start, new Template.Text(0, 0), end),
        List.of(start, new Template.Text(0, 0), end, new Template.Text(1, 1), pairEnd),
        false);
  }

  private Template roberta(JsonValue step) throws IOException {
    Template.Special start = special(step.get("cls"), 0);
    Template.Special end = special(step.get("sep"), 0);
    return new Template(
        List.of(start, new Template.Text(0, 0), end),
        List.of(start, new Template.Text(0, 0), end, end, new Template.Text(1, 0), end),
        step.get("trim_offsets").truth(true));
  }

  /** An array of a token and its id. */
  private Template.Special special(JsonValue pair, int type) throws IOException {
    List<JsonValue> parts = pair.list();
    if (parts.size() != 2) {
      throw pair.fault("is not a token and its id");
    }
    return special(parts.get(0).string(), parts.get(1), type);
  }

  private Template.Special special(String token, JsonValue id, int type) throws IOException {
    int value = id.integer(Vocabulary.MAX_ID);
    Integer known = ids.get(token);
    if (known == null || known != value) {
      throw id.fault("is %d for '%s', the vocabulary has %s".formatted(value, token, known));
    }
    return new Template.Special(token, value, type);
  }

  private List<Template.Piece> pieces(JsonValue step, String name) throws IOException {
    List<Template.Piece> pieces = new ArrayList<>();
    for (JsonValue piece : step.get(name).list()) {
      JsonValue text = piece.get("Sequence");
      if (!text.isNull()) {
        pieces.add(new Template.Text(index(text.get("id")), text.get("type_id").integer(1)));
        continue;
      }
      JsonValue special = piece.get("SpecialToken");
      JsonValue definition = step.get("special_tokens").get(special.get("id").string());
      List<JsonValue> tokenIds = definition.get("ids").list();
      List<JsonValue> tokens = definition.get("tokens").list();
      if (tokens.size() != tokenIds.size()) {
        throw definition.fault(
            "has %d ids and %d tokens".formatted(tokenIds.size(), tokens.size()));
      }
      for (int i = 0; i < tokens.size(); i++) {
        pieces.add(
            special(tokens.get(i).string(), tokenIds.get(i), special.get("type_id").integer(1)));
      }
    }
    return pieces;
  }

  private static int index(JsonValue id) throws IOException {
    return switch (id.string()) {
      case "A" -> 0;
      case "B" -> 1;
      default -> throw id.fault("is '" + id.string() + "' where A or B was expected");
    };
  }
}
