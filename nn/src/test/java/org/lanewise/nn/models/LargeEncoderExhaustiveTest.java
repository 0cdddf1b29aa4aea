package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import java.io.IOException;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.kernels.op.Activation;
import org.lanewise.nn.models.BertConfig.Family;
import org.lanewise.nn.weights.Weights;

/** An encoder of the size of BERT base, 438 MB, takes little memory of its own. */
class LargeEncoderExhaustiveTest {
  private static final BertConfig BASE =
      new BertConfig(
          Family.BERT, 30_522, 768, 12, 12, 3072, 512, 0, 2, 1e-12f, Activation.GELU, 0.1f);

  @TempDir private Path folder;

  private Path write() throws IOException {
    List<String> words = new ArrayList<>(TinyEncoder.WORDS);
    while (words.size() < BASE.vocabulary()) {
      words.add("word" + words.size());
    }
    Files.write(folder.resolve("vocab.txt"), words);
    Files.writeString(
        folder.resolve("config.json"),
        """
        {"model_type": "bert", "vocab_size": 30522, "hidden_size": 768, "num_hidden_layers": 12,
         "num_attention_heads": 12, "intermediate_size": 3072, "max_position_embeddings": 512,
         "type_vocab_size": 2, "layer_norm_eps": 1e-12, "hidden_act": "gelu",
         "hidden_dropout_prob": 0.1}
        """);
    Weights.of(Bert.of(BASE)).initialize(1).save(folder.resolve("model.safetensors"));
    return folder;
  }

  private static long allocatedOnTheHeap() {
    return ((ThreadMXBean) ManagementFactory.getThreadMXBean()).getCurrentThreadAllocatedBytes();
  }

  private static long allocatedBesides() {
    return ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class).stream()
        .filter(pool -> pool.getName().equals("direct"))
        .mapToLong(BufferPoolMXBean::getTotalCapacity)
        .sum();
  }

  @Test
  void isNotCopied() throws IOException {
    long file = Files.size(write().resolve("model.safetensors"));
    PretrainedEncoder first = PretrainedEncoder.open(folder); // classes are loaded
    assertThat(first.weights().parameterCount()).isEqualTo(109_482_240);
    long heap = allocatedOnTheHeap();
    long besides = allocatedBesides();
    SentenceModel model = SentenceModel.open(folder);
    assertThat(model.encoder().weights().isMapped()).isTrue();
    assertThat(model.encoder().model().config()).isEqualTo(BASE);
    try (SentenceEmbedder embedder = SentenceEmbedder.open(model, "cpu", 2)) {
      assertThat(allocatedOnTheHeap() - heap).as("bytes on the heap").isLessThan(file / 10);
      assertThat(allocatedBesides() - besides).as("bytes besides").isLessThan(file / 10);
      float[] alone = embedder.embed("the cat sat on a mat");
      assertThat(embedder.embed(List.of("the cat", "the cat sat on a mat")).getLast())
          .containsExactly(alone);
      assertThat(allocatedBesides() - besides).as("bytes besides").isLessThan(file / 10);
    }
  }

  /** What is counted is what a copy takes. */
  @Test
  void seesACopy() throws IOException {
    Path file = write().resolve("model.safetensors");
    Weights copy = Weights.of(Bert.of(BASE));
    long before = allocatedBesides();
    copy.load(file);
    assertThat(allocatedBesides() - before).isGreaterThan(Files.size(file) / 10);
    assertThat(copy.isMapped()).isFalse();
  }
}
