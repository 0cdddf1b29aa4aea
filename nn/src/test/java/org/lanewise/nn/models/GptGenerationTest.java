package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.PrimitiveIterator;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.lanewise.kernels.RandomStream;
import org.lanewise.nn.HostTensor;
import org.lanewise.nn.KeyValueCache;
import org.lanewise.nn.Streams;
import org.lanewise.nn.Tensor;
import org.lanewise.nn.Tensors;
import org.lanewise.nn.session.Session;
import org.lanewise.nn.text.BytePairTrainer;
import org.lanewise.nn.text.Tokenizer;
import org.lanewise.nn.text.Tokenizers;
import org.lanewise.nn.weights.Weights;

class GptGenerationTest {
  private static final int CONTEXT = 37;
  private static final GptConfig CONFIG = GptConfig.of(13, CONTEXT, 24, 3, 2).dropout(0.2f);
  private static final int[] PROMPT = {5, 0, 12, 12, 3};
  private static final Sampling HOT = new Sampling(2, 9, 0.95);

  private final Gpt gpt = Gpt.of(CONFIG);
  private final Weights weights = Weights.of(gpt).initialize(3);

  @ParameterizedTest
  @MethodSource("org.lanewise.nn.DevicesAndThreads#all")
  void logitsFromCachesHaveTheBitsOfTheWholeText(String device, int threads) {
    int[] text = IntStream.range(0, 2 * CONTEXT).map(i -> i * i % 13).toArray();
    List<KeyValueCache> caches = gpt.caches("cache", 2);
    Function<Tensors, Tensor> next =
        in -> gpt.next(in.get("ids"), in.get("places"), in.get("position"), caches);
    try (Session session = Session.open(device, threads, weights)) {
      HostTensor ids = HostTensor.of(text, 2, CONTEXT);
      float[] whole = session.run(in -> gpt.forward(in.get("ids")), Map.of("ids", ids)).toFloats();
      int read = 0;
      for (int length : new int[] {1, 7, 1, 1, 20, 7}) {
        int[] part = new int[2 * length];
        int[] places = new int[2 * length];
        for (int i = 0; i < part.length; i++) {
          places[i] = read + i % length;
          part[i] = text[i / length * CONTEXT + places[i]];
        }
        float[] logits =
            session
                .run(
                    next,
                    Map.of(
                        "ids", HostTensor.of(part, 2, length),
                        "places", HostTensor.of(places, 2, length),
                        "position", HostTensor.of(new int[] {read, read}, 2)))
                .toFloats();
        read += length;
        for (int row = 0; row < 2; row++) {
          int end = (row * CONTEXT + read) * 13;
          assertThat(Arrays.copyOfRange(logits, row * 13, row * 13 + 13))
              .as("after %d tokens of text %d", read, row)
              .isEqualTo(Arrays.copyOfRange(whole, end - 13, end));
        }
      }
      assertThat(read).isEqualTo(CONTEXT);
    }
  }

  /** Reads what the model may see of the text for each token, and has no cache. */
  private int[] withoutCache(Session session, int[] prompt, Sampling sampling, int length) {
    Function<Tensors, Tensor> forward = in -> gpt.forward(in.get("ids"));
    RandomStream random = new RandomStream(11, Streams.of("sampling"));
    int[] text = prompt;
    int from = 0;
    for (int i = 0; i < length; i++) {
      if (text.length - from > CONTEXT) {
        from = text.length - CONTEXT / 2;
      }
      int[] window = Arrays.copyOfRange(text, from, text.length);
      float[] all =
          session.run(forward, Map.of("ids", HostTensor.of(window, 1, window.length))).toFloats();
      float[] last = Arrays.copyOfRange(all, all.length - 13, all.length);
      text = Arrays.copyOf(text, text.length + 1);
      text[text.length - 1] = sampling.choose(last, random.nextDouble());
    }
    return Arrays.copyOfRange(text, prompt.length, text.length);
  }

  static Stream<Arguments> prompts() {
    return Stream.of(1, 5, CONTEXT - 1, CONTEXT, CONTEXT + 1, 100)
        .flatMap(length -> Stream.of(HOT, Sampling.GREEDY).map(s -> Arguments.of(length, s)));
  }

  @ParameterizedTest
  @MethodSource("prompts")
  void continuesAsWithoutCache(int promptLength, Sampling sampling) {
    int[] prompt = IntStream.range(0, promptLength).map(i -> 7 * i % 13).toArray();
    try (Session session = Session.open("cpu", weights)) {
      int[] tokens =
          Generation.of(gpt, session).sampling(sampling).seed(11).stream(prompt, 2 * CONTEXT)
              .toArray();
      assertThat(tokens).isEqualTo(withoutCache(session, prompt, sampling, 2 * CONTEXT));
    }
  }

  @Test
  void seedAndSettingsDecideTheText() {
    try (Session session = Session.open("cpu", weights)) {
      Generation generation = Generation.of(gpt, session);
      int[] tokens = generation.seed(1).stream(PROMPT, 50).toArray();
      assertThat(generation.seed(1).stream(PROMPT, 50).toArray()).isEqualTo(tokens);
      assertThat(generation.seed(2).stream(PROMPT, 50).toArray()).isNotEqualTo(tokens);
      assertThat(generation.temperature(0).seed(1).stream(PROMPT, 50).toArray())
          .isEqualTo(generation.topK(1).seed(2).stream(PROMPT, 50).toArray())
          .isEqualTo(generation.topP(1e-9).seed(3).stream(PROMPT, 50).toArray())
          .isNotEqualTo(tokens);
    }
  }

  @Test
  void excludedTokensAreNeverChosen() {
    try (Session session = Session.open("cpu", weights)) {
      Generation generation = Generation.of(gpt, session).temperature(3);
      assertThat(generation.stream(PROMPT, 300)).contains(0, 7);
      assertThat(generation.without(0, 7).stream(PROMPT, 300)).doesNotContain(0, 7);
      assertThatThrownBy(() -> generation.without(-1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("token -1 is none of the model's 13");
    }
  }

  @Test
  void aSpecialTokenEndsAText() {
    Tokenizer tokenizer = new BytePairTrainer(257, List.of("<end>")).train(List.of());
    Gpt ofBytes = Gpt.of(GptConfig.of(257, CONTEXT, 24, 3, 2));
    try (Session session = Session.open("cpu", Weights.of(ofBytes).initialize(3))) {
      Generation generation = Generation.of(ofBytes, session).seed(5);
      int[] tokens = generation.stream(tokenizer.tokenize("a").ids(), 2000).toArray();
      int end =
          IntStream.range(0, tokens.length).filter(i -> tokens[i] == 0).findFirst().getAsInt();
      assertThat(generation.stream(tokenizer, "a", 2000).collect(Collectors.joining()))
          .isEqualTo(tokenizer.decode(Arrays.copyOf(tokens, end)));
    }
  }

  @Test
  void streamsThatTakeTurnsDoNotMixUp() {
    try (Session session = Session.open("cpu", weights)) {
      Generation one = Generation.of(gpt, session).seed(1);
      Generation other = Generation.of(gpt, session).seed(1);
      int[] tokens = one.stream(PROMPT, 60).toArray();
      PrimitiveIterator.OfInt first = one.stream(PROMPT, 60).iterator();
      PrimitiveIterator.OfInt second = one.seed(2).stream(new int[] {4}, 60).iterator();
      PrimitiveIterator.OfInt third = other.stream(PROMPT, 60).iterator();
      for (int token : tokens) {
        second.nextInt();
        assertThat(first.nextInt()).isEqualTo(token);
        assertThat(third.nextInt()).isEqualTo(token);
      }
    }
  }

  @Test
  void aTextIsWhatItsTokensMean() {
    Tokenizer characters = Tokenizers.characters("abcdefghijkl");
    try (Session session = Session.open("cpu", weights)) {
      Generation generation = Generation.of(gpt, session).seed(4);
      int[] tokens = generation.stream(characters.tokenize("bad").ids(), 40).toArray();
      assertThat(generation.stream(characters, "bad", 40))
          .hasSize(40)
          .containsExactly(
              Arrays.stream(tokens).mapToObj(characters::decode).toArray(String[]::new));
      assertThat(generation.stream(characters, "bad", 0)).isEmpty();
    }
  }

  /** Tokens of single bytes make characters that no single token has. */
  @Test
  void piecesHaveWholeCharacters() {
    Tokenizer bytes = new BytePairTrainer(256, List.of()).train(List.of());
    String text = "né, 素敵 🦉!";
    List<String> pieces =
        Stream.generate(
                new TextPieces(bytes, Arrays.stream(bytes.tokenize(text).ids()).iterator())::next)
            .limit(text.codePointCount(0, text.length()))
            .toList();
    assertThat(pieces).containsExactly("n", "é", ",", " ", "素", "敵", " ", "🦉", "!");

    int[] cut = Arrays.copyOf(bytes.tokenize("a🦉🦉").ids(), 7);
    TextPieces broken = new TextPieces(bytes, Arrays.stream(cut).iterator());
    assertThat(
            Stream.iterate(broken, TextPieces::hasNext, all -> all)
                .map(TextPieces::next)
                .collect(Collectors.joining()))
        .isEqualTo(bytes.decode(cut))
        .startsWith("a🦉\ufffd");
  }

  @Test
  void refusesPromptsThatCannotBeContinued() {
    try (Session session = Session.open("cpu", weights)) {
      Generation generation = Generation.of(gpt, session);
      assertThatThrownBy(() -> generation.stream(new int[0], 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("the prompt has no token to continue");
      assertThatThrownBy(() -> generation.stream(new int[] {1, 13}, 1))
          .isInstanceOf(IllegalArgumentException.class)
          .hasMessage("token 13 is none of the model's 13");
    }
  }
}
