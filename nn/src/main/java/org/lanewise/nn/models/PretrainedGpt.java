package org.lanewise.nn.models;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.regex.Pattern;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.io.StoredTensor;
import org.lanewise.nn.text.Tokenizer;
import org.lanewise.nn.text.Tokenizers;
import org.lanewise.nn.weights.MismatchedWeightsException;
import org.lanewise.nn.weights.Weights;

/**
 * A decoder with its tokenizer, as a folder holds them: {@code config.json}, {@code
 * model.safetensors} and the tokenizer's files.
 *
 * @param weights of the model
 */
public record PretrainedGpt(Gpt model, Tokenizer tokenizer, Weights weights) {
  /** The name of the configuration's file. */
  public static final String CONFIG = "config.json";

  /** The name of the file of the weights. */
  public static final String WEIGHTS = "model.safetensors";

  /** The name of the tokenizer's file that is written. */
  public static final String TOKENIZER = "tokenizer.json";

  /** What the library says of its own files, and needs to be told of others. */
  public static final Map<String, String> METADATA = Map.of("format", "pt");

  private static final String PREFIX = "transformer.";

  /** The head, which is the embedding, and masks of attention: nothing that is learnt. */
  private static final Pattern IGNORED =
      Pattern.compile("lm_head\\.weight|h\\.\\d+\\.attn\\.(masked_)?bias");

  /**
   * Reads a folder. What libraries store beside the parameters is passed over: the masks of
   * attention, and the head, which is the table of tokens.
   *
   * @param path the folder, or its {@code model.safetensors}
   * @throws NoSuchFileException if a file is missing
   * @throws MalformedFileException if one is malformed, of another architecture, or the tokenizer
   *     has more tokens than the model
   * @throws MismatchedWeightsException if the tensors are not those of the configuration
   * @throws IOException if one cannot be read
   */
  public static PretrainedGpt read(Path path) throws IOException {
    Path folder = Files.isDirectory(path) ? path : path.resolveSibling("");
    Gpt model = Gpt.of(GptConfig.read(folder.resolve(CONFIG)));
    Tokenizer tokenizer = Tokenizers.read(folder);
    if (tokenizer.vocabularySize() > model.config().vocabulary()) {
      throw new MalformedFileException(
          folder,
          "the tokenizer has %d tokens but the model %d"
              .formatted(tokenizer.vocabularySize(), model.config().vocabulary()));
    }
    Path file = Files.isDirectory(path) ? folder.resolve(WEIGHTS) : path;
    return new PretrainedGpt(model, tokenizer, load(model, file));
  }

  private static Weights load(Gpt model, Path file) throws IOException {
    try (Arena arena = Arena.ofShared()) {
      Map<String, StoredTensor> tensors = new LinkedHashMap<>();
      SafeTensors.read(file, arena)
          .tensors()
          .forEach((name, tensor) -> tensors.put(withoutPrefix(name), tensor));
      return Weights.of(model).load(file, tensors, name -> IGNORED.matcher(name).matches());
    }
  }

  private static String withoutPrefix(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  /**
   * Writes a folder that {@link #read} and the Hugging Face library read; each file whole or not at
   * all.
   *
   * @param folder is made unless it is there
   * @throws IOException if a file cannot be written
   */
  public void write(Path folder) throws IOException {
    Files.createDirectories(folder);
    model.config().write(folder.resolve(CONFIG));
    Tokenizers.write(tokenizer, folder.resolve(TOKENIZER));
    weights.save(folder.resolve(WEIGHTS), METADATA);
  }
}
