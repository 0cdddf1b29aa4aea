package org.lanewise.nn.train;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.lanewise.nn.Damage;
import org.lanewise.nn.data.Batches;
import org.lanewise.nn.data.Dataset;
import org.lanewise.nn.io.MalformedFileException;
import org.lanewise.nn.io.SafeTensors;
import org.lanewise.nn.weights.MismatchedWeightsException;

/** Damaged checkpoints are refused, or can be gone on with and saved. */
class CheckpointFuzzTest {
  private static final Dataset DATA = Models.points(37, 1);
  private static final Batches BATCHES = CheckpointTest.batches(DATA);

  @TempDir private Path folder;

  int inputs() {
    return 200;
  }

  @Test
  void resumesOrRefuses() throws IOException {
    Path whole = folder.resolve("whole");
    CheckpointTest.write(whole, DATA);
    byte[] bytes = Files.readAllBytes(whole);
    int resumed = 0;
    try (Arena arena = Arena.ofShared();
        Trainer trainer = CheckpointTest.settings().build()) {
      SafeTensors read = SafeTensors.read(whole, arena);
      Path file = folder.resolve("file");
      for (int input = 0; input < inputs(); input++) {
        SplittableRandom random = new SplittableRandom(input);
        if (random.nextInt(4) == 0) {
          Files.write(file, Damage.of(bytes, random));
        } else {
          new SafeTensors(damaged(read.metadata(), random), read.tensors()).write(file);
        }
        try {
          resumed += resumes(trainer, file) ? 1 : 0;
        } catch (RuntimeException | Error failure) {
          throw new AssertionError("input " + input, failure);
        }
      }
    }
    assertThat(resumed).isBetween(inputs() / 50, inputs() / 2);
  }

  private static Map<String, String> damaged(
      Map<String, String> metadata, SplittableRandom random) {
    Map<String, String> damaged = new LinkedHashMap<>(metadata);
    List<String> keys = List.copyOf(metadata.keySet());
    String key = keys.get(random.nextInt(keys.size()));
    damaged.put(key, new String(Damage.of(metadata.get(key).getBytes(UTF_8), random), UTF_8));
    return damaged;
  }

  private static boolean resumes(Trainer trainer, Path file) throws IOException {
    try {
      trainer.resume(file, BATCHES);
      trainer.fit(BATCHES, trainer.history().epochs().size() + 1);
    } catch (MalformedFileException | MismatchedWeightsException refused) {
      assertThat(refused.getMessage()).startsWith(file + ": ").doesNotContain("\n");
      return false;
    } catch (DivergedException _) { // the parameters are damaged
      return false;
    } catch (IllegalArgumentException otherSettings) {
      assertThat(otherSettings.getMessage()).startsWith(file + " was written with ");
      return false;
    }
    trainer.saveCheckpoint(file);
    trainer.resume(file, BATCHES);
    return true;
  }
}
