package org.lanewise.nn.models;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.lanewise.nn.io.JsonValue;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.text.Tokenizer;

/**
 * What {@code modules.json} and the files that it names say of a model of sentences.
 *
 * @param transformer folder of the encoder
 * @param pooling what becomes of the tokens' vectors
 * @param isNormalized whether there is a module that normalizes
 * @param width that vectors are to have, or null if none is given
 */
record SentenceModules(Path transformer, Pooling pooling, boolean isNormalized, JsonValue width) {
  private static final List<String> KINDS = List.of("Transformer", "Pooling", "Normalize");
  private static final String MODE = "pooling_mode_";
  private static final int MAX_SIZE = 1 << 24;

  static SentenceModules read(Path file) throws IOException {
    JsonValue modules = JsonValue.read(file);
    List<String> kinds = new ArrayList<>();
    List<Path> paths = new ArrayList<>();
    for (JsonValue module : modules.list()) {
      String type = module.get("type").string();
      String kind = type.substring(type.lastIndexOf('.') + 1);
      if (!KINDS.contains(kind)) {
        throw module.get("type").fault("is '" + type + "', which is not supported");
      }
      kinds.add(kind);
      paths.add(path(file, module.get("path")));
    }
    if (!kinds.equals(KINDS) && !kinds.equals(KINDS.subList(0, 2))) {
      throw modules.fault("has the modules %s where %s were expected".formatted(kinds, KINDS));
    }
    JsonValue pooling = JsonValue.read(paths.get(1).resolve("config.json"));
    JsonValue width = pooling.get("word_embedding_dimension");
    return new SentenceModules(paths.get(0), pooling(pooling), kinds.size() > 2, width);
  }

  private static Path path(Path file, JsonValue path) throws MalformedFileException {
    try {
      return file.resolveSibling(path.string(""));
    } catch (InvalidPathException invalid) {
      throw path.fault("is '" + path.string() + "', which is no path");
    }
  }

  private static Pooling pooling(JsonValue config) throws MalformedFileException {
    List<String> modes = new ArrayList<>();
    for (String name : config.names()) {
      if (name.startsWith(MODE) && config.get(name).truth()) {
        modes.add(name);
      }
    }
    return switch (String.join(", ", modes)) {
      case MODE + "mean_tokens" -> Pooling.MEAN;
      case MODE + "cls_token" -> Pooling.CLS;
      default ->
          throw config.fault(
              "has the modes %s where pooling_mode_mean_tokens or pooling_mode_cls_token was expected"
                  .formatted(modes));
    };
  }

  /** Opens the encoder. */
  SentenceModel open() throws IOException {
    PretrainedEncoder encoder = PretrainedEncoder.open(transformer);
    BertConfig config = encoder.model().config();
    if (!width.isNull() && width.integer(MAX_SIZE) != config.width()) {
      throw width.fault(
          "is %s but the encoder's vectors have %d".formatted(width.value(), config.width()));
    }
    Path options = transformer.resolve("sentence_bert_config.json");
    if (!Files.exists(options)) {
      return new SentenceModel(encoder, pooling, isNormalized, config.maxLength(), false);
    }
    JsonValue root = JsonValue.read(options);
    boolean isLowercase = root.get("do_lower_case").truth(false);
    int maxLength = maxLength(root.get("max_seq_length"), config, encoder.tokenizer());
    return new SentenceModel(encoder, pooling, isNormalized, maxLength, isLowercase);
  }

  private static int maxLength(JsonValue length, BertConfig config, Tokenizer tokenizer)
      throws MalformedFileException {
    if (length.isNull()) {
      return config.maxLength();
    }
    int wanted = length.integer(MAX_SIZE);
    int specials = tokenizer.encode("").length();
    if (wanted < Math.max(1, specials)) {
      throw length.fault("is %d but the special tokens alone are %d".formatted(wanted, specials));
    }
    return Math.min(config.maxLength(), wanted);
  }
}
