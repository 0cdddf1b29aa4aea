package org.lanewise.nn.models;

import java.io.BufferedOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Path;
import org.lanewise.nn.io.AtomicFile;
import org.lanewise.nn.io.JsonValue;
import org.lanewise.nn.io.MalformedFileException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.StreamWriteFeature;
import tools.jackson.core.json.JsonFactory;

/** Reads and writes {@code config.json}, whose keys are those of the Hugging Face library. */
final class GptConfigJson {
  private static final int MAX_SIZE = 1 << 24;

  /** So many that a damaged file cannot use up the memory. */
  private static final int MAX_LAYERS = 1 << 12;

  private static final int FEED_FORWARD = 4;
  private static final double EPSILON = 1e-5;
  private static final double DROPOUT = 0.1;

  private static final JsonFactory JSON =
      JsonFactory.builder().disable(StreamWriteFeature.AUTO_CLOSE_TARGET).build();

  private GptConfigJson() {}

  static GptConfig read(Path file) throws IOException {
    JsonValue root = JsonValue.read(file);
    JsonValue type = root.get("model_type");
    if (!type.string().equals("gpt2")) {
      throw type.fault("is '%s' where gpt2 was expected".formatted(type.string()));
    }
    requireUsual(root);
    try {
      return new GptConfig(
          size(root, "vocab_size"),
          size(root, "n_positions"),
          size(root, "n_embd"),
          size(root, "n_head"),
          root.get("n_layer").integer(MAX_LAYERS),
          (float) number(root.get("layer_norm_epsilon"), EPSILON),
          (float) number(root.get("resid_pdrop"), DROPOUT));
    } catch (IllegalArgumentException misfit) {
      throw new MalformedFileException(file, misfit.getMessage());
    }
  }

  /** Checks that what {@link Gpt} computes is what the file says. */
  private static void requireUsual(JsonValue root) throws MalformedFileException {
    JsonValue activation = root.get("activation_function");
    switch (activation.string("gelu_new")) {
      case "gelu_new", "gelu_pytorch_tanh" -> {}
      default -> throw activation.fault("is '" + activation.string() + "', which is not supported");
    }
    JsonValue inner = root.get("n_inner");
    if (!inner.isNull() && inner.integer(MAX_SIZE) != FEED_FORWARD * size(root, "n_embd")) {
      throw inner.fault("is not 4 times n_embd, which is not supported");
    }
    require(root, "tie_word_embeddings", true, true);
    require(root, "scale_attn_weights", true, true);
    require(root, "scale_attn_by_inverse_layer_idx", false, false);
    require(root, "add_cross_attention", false, false);
  }

  private static void require(JsonValue root, String name, boolean otherwise, boolean wanted)
      throws MalformedFileException {
    JsonValue option = root.get(name);
    if (option.truth(otherwise) != wanted) {
      throw option.fault("is %b, which is not supported".formatted(!wanted));
    }
  }

  private static int size(JsonValue root, String name) throws MalformedFileException {
    return root.get(name).integer(MAX_SIZE);
  }

  private static double number(JsonValue value, double otherwise) throws MalformedFileException {
    return value.isNull() ? otherwise : value.number();
  }

  static void write(GptConfig config, Path file) throws IOException {
    AtomicFile.write(
        file,
        out -> {
          OutputStream buffered = new BufferedOutputStream(out);
          try (JsonGenerator json = JSON.createGenerator(ObjectWriteContext.empty(), buffered)) {
            write(config, json);
          }
          buffered.flush();
        });
  }

  private static void write(GptConfig config, JsonGenerator json) {
    json.writeStartObject();
    json.writeArrayPropertyStart("architectures");
    json.writeString("GPT2LMHeadModel");
    json.writeEndArray();
    json.writeStringProperty("model_type", "gpt2");
    json.writeStringProperty("activation_function", "gelu_new");
    json.writeNumberProperty("vocab_size", config.vocabulary());
    json.writeNumberProperty("n_positions", config.context());
    json.writeNumberProperty("n_embd", config.width());
    json.writeNumberProperty("n_head", config.heads());
    json.writeNumberProperty("n_layer", config.layers());
    json.writeNumberProperty("layer_norm_epsilon", config.epsilon());
    json.writeNumberProperty("embd_pdrop", config.dropout());
    json.writeNumberProperty("resid_pdrop", config.dropout());
    json.writeNumberProperty("attn_pdrop", 0);
    json.writeNullProperty("bos_token_id"); // the library's usual ones may be no tokens here
    json.writeNullProperty("eos_token_id");
    json.writeEndObject();
  }
}
