package org.lanewise.nn.models;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.lanewise.kernels.backend.BackendUnavailableException;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.text.Encoding;

/**
 * Turns sentences into vectors, of which similar ones have a large cosine. A sentence's vector has
 * the same bits whatever sentences are beside it. One thread at a time may use an embedder; several
 * may be made of one model, whose weights they share.
 */
public final class SentenceEmbedder implements AutoCloseable {
  /** Lengths are rounded up to multiples of this, so that few plans serve all. */
  private static final int LENGTH_STEP = 8;

  /** Tokens of a batch, padding included: enough for full speed, few enough for the cache. */
  private static final int BATCH_TOKENS = 2048;

  private final SentenceModel model;
  private final Session session;
  private final Function<Tensors, Tensor> function = this::vectors;

  private SentenceEmbedder(SentenceModel model, Session session) {
    this.model = model;
    this.session = session;
  }

  /**
   * Opens a folder on all processors of the host.
   *
   * @see SentenceModel#open
   */
  public static SentenceEmbedder open(Path folder) throws IOException {
    SentenceModel model = SentenceModel.open(folder);
    return new SentenceEmbedder(model, Session.open("cpu", model.encoder().weights()));
  }

  /**
   * An embedder on a device.
   *
   * @param device a backend's name
   * @param threads of the host, at least 1
   * @throws BackendUnavailableException if there is no such device
   */
  public static SentenceEmbedder open(SentenceModel model, String device, int threads) {
    return new SentenceEmbedder(model, Session.open(device, threads, model.encoder().weights()));
  }

  /** What computes the vectors. */
  public SentenceModel model() {
    return model;
  }

  /** The number of elements of a vector. */
  public int width() {
    return model.encoder().model().config().width();
  }

  private Tensor vectors(Tensors in) {
    Tensor mask = in.get("mask");
    Tensor states = model.encoder().model().forward(in.get("ids"), in.get("types"), mask);
    Tensor pooled = model.pooling().apply(states, mask);
    return model.isNormalized() ? Pooling.normalize(pooled) : pooled;
  }

  /** The tokens of a sentence as the encoder gets them. */
  public Encoding encode(String sentence) {
    String text = model.isLowercase() ? sentence.toLowerCase(Locale.ROOT) : sentence;
    return model.encoder().tokenizer().encode(text, model.maxLength());
  }

  /** The vector of a sentence. */
  public float[] embed(String sentence) {
    return embed(List.of(sentence)).getFirst();
  }

  /**
   * The vectors of sentences, in their order. They run in batches of similar lengths.
   *
   * @param sentences any number
   */
  public List<float[]> embed(List<String> sentences) {
    List<Encoding> encodings = sentences.stream().map(this::encode).toList();
    List<Integer> byLength =
        IntStream.range(0, encodings.size())
            .boxed()
            .sorted(Comparator.comparingInt(i -> -encodings.get(i).length()))
            .toList();
    float[][] vectors = new float[encodings.size()][];
    int from = 0;
    while (from < byLength.size()) {
      int length = rounded(encodings.get(byLength.get(from)).length());
      int to = Math.min(byLength.size(), from + Math.max(1, BATCH_TOKENS / length));
      List<Integer> batch = byLength.subList(from, to);
      float[] all = run(batch.stream().map(encodings::get).toList(), length);
      for (int row = 0; row < batch.size(); row++) {
        vectors[batch.get(row)] = Arrays.copyOfRange(all, row * width(), (row + 1) * width());
      }
      from = to;
    }
    return new ArrayList<>(Arrays.asList(vectors));
  }

  private int rounded(int length) {
    int steps = Math.max(1, Math.ceilDiv(length, LENGTH_STEP));
    return Math.min(model.maxLength(), steps * LENGTH_STEP);
  }

  private float[] run(List<Encoding> batch, int length) {
    int[] ids = new int[batch.size() * length];
    int[] types = new int[ids.length];
    int[] mask = new int[ids.length];
    for (int row = 0; row < batch.size(); row++) {
      Encoding encoding = batch.get(row);
      System.arraycopy(encoding.ids(), 0, ids, row * length, encoding.length());
      System.arraycopy(encoding.types(), 0, types, row * length, encoding.length());
      Arrays.fill(mask, row * length, row * length + encoding.length(), 1);
    }
    Map<String, HostTensor> inputs =
        Map.of(
            "ids", HostTensor.of(ids, batch.size(), length),
            "types", HostTensor.of(types, batch.size(), length),
            "mask", HostTensor.of(mask, batch.size(), length));
    return session.run(function, inputs).toFloats();
  }

  /** Frees the device. */
  @Override
  public void close() {
    session.close();
  }
}
