package org.lanewise.nn.models;

import java.io.IOException;
import java.nio.file.Path;
import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.io.JsonValue;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.models.BertConfig.Family;

/** Reads {@code config.json}, whose keys are those of the Hugging Face library. */
final class BertConfigJson {
  private static final int MAX_SIZE = 1 << 24;
  private static final double NORM_EPSILON = 1e-12;
  private static final double DROPOUT = 0.1;

  private BertConfigJson() {}

  static BertConfig read(Path file) throws IOException {
    JsonValue root = JsonValue.read(file);
    Family family = family(root.get("model_type"));
    requireNot(root.get("is_decoder"));
    requireNot(root.get("add_cross_attention"));
    JsonValue positions = root.get("position_embedding_type");
    if (!positions.string("absolute").equals("absolute")) {
      throw unsupported(positions);
    }
    try {
      return family == Family.DISTILBERT ? distilBert(root) : bert(family, root);
    } catch (IllegalArgumentException misfit) {
      throw new MalformedFileException(file, misfit.getMessage());
    }
  }

  private static Family family(JsonValue type) throws MalformedFileException {
    return switch (type.string()) {
      case "bert" -> Family.BERT;
      case "roberta", "xlm-roberta", "camembert" -> Family.ROBERTA;
      case "distilbert" -> Family.DISTILBERT;
      default ->
          throw type.fault(
              "is '%s' where bert, distilbert, roberta, xlm-roberta or camembert was expected"
                  .formatted(type.string()));
    };
  }

  private static void requireNot(JsonValue option) throws MalformedFileException {
    if (option.truth(false)) {
      throw option.fault("is true, which is not supported");
    }
  }

  private static BertConfig bert(Family family, JsonValue root) throws MalformedFileException {
    return new BertConfig(
        family,
        size(root, "vocab_size"),
        size(root, "hidden_size"),
        size(root, "num_hidden_layers"),
        size(root, "num_attention_heads"),
        size(root, "intermediate_size"),
        size(root, "max_position_embeddings"),
        family == Family.ROBERTA ? size(root, "pad_token_id") + 1 : 0,
        size(root, "type_vocab_size"),
        (float) number(root.get("layer_norm_eps"), NORM_EPSILON),
        activation(root.get("hidden_act")),
        (float) number(root.get("hidden_dropout_prob"), DROPOUT));
  }

  private static BertConfig distilBert(JsonValue root) throws MalformedFileException {
    return new BertConfig(
        Family.DISTILBERT,
        size(root, "vocab_size"),
        size(root, "dim"),
        size(root, "n_layers"),
        size(root, "n_heads"),
        size(root, "hidden_dim"),
        size(root, "max_position_embeddings"),
        0,
        0,
        (float) NORM_EPSILON,
        activation(root.get("activation")),
        (float) number(root.get("dropout"), DROPOUT));
  }

  private static int size(JsonValue root, String name) throws MalformedFileException {
    return root.get(name).integer(MAX_SIZE);
  }

  private static double number(JsonValue value, double otherwise) throws MalformedFileException {
    return value.isNull() ? otherwise : value.number();
  }

  private static Activation activation(JsonValue name) throws MalformedFileException {
    return switch (name.string("gelu")) {
      case "gelu" -> Activation.GELU;
      case "gelu_new", "gelu_pytorch_tanh" -> Activation.GELU_TANH;
      case "relu" -> Activation.RELU;
      case "silu", "swish" -> Activation.SILU;
      case "tanh" -> Activation.TANH;
      default -> throw unsupported(name);
    };
  }

  private static MalformedFileException unsupported(JsonValue option)
      throws MalformedFileException {
    return option.fault("is '" + option.string() + "', which is not supported");
  }
}
