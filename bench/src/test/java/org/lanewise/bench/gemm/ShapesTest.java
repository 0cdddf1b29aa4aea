package org.lanewise.bench.gemm;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.lanewise.cli.UserException;

class ShapesTest {
  @TempDir private Path folder;

  private List<Shape> read(String text, Trans... defaults) throws IOException {
    Path file = Files.writeString(folder.resolve("shapes.txt"), text);
    return ShapesFile.read(file, List.of(defaults));
  }

  @Test
  void readsALineAsRowsDepthColumns() throws IOException {
    assertThat(read("# comment\n\n 2x3x5 # more\n7×11×13 TN\n", Trans.NN, Trans.TT))
        .containsExactly(
            new Shape(2, 5, 3, Trans.NN, 3, 5, 5),
            new Shape(2, 5, 3, Trans.TT, 2, 3, 5),
            new Shape(7, 13, 11, Trans.TN, 7, 13, 13));
  }

  @ParameterizedTest
  @ValueSource(strings = {"2x3", "2x3x", "axbxc", "2x3x4 NX", "2x3x4 NN TT", "-1x2x3", "2 3 4"})
  void namesTheLineThatIsMalformed(String line) {
    assertThatThrownBy(() -> read("1x1x1\n" + line, Trans.NN))
        .isInstanceOf(UserException.class)
        .hasMessageContaining("shapes.txt:2: '" + line + "' is not MxKxN");
  }

  @ParameterizedTest
  @ValueSource(strings = {"0x1x1", "1x1000001x1"})
  void sizesHaveBounds(String line) {
    assertThatThrownBy(() -> read(line, Trans.NN)).hasMessageContaining("sizes are 1 to 1,000,000");
  }

  @Test
  void refusesAFileWithoutShapes() {
    assertThatThrownBy(() -> read("# nothing\n", Trans.NN)).hasMessageContaining("has no shapes");
  }

  @Test
  void theFileThatComesWithItIsRight() throws IOException {
    assertThat(ShapesFile.read(Path.of("shapes", "training.txt"), List.of(Trans.NN)))
        .hasSize(11)
        .contains(Shape.dense(1, 50257, 768, Trans.NN), Shape.dense(512, 128, 784, Trans.TN));
  }

  @Test
  void randomShapesAreTheSameForASeed() {
    List<Shape> shapes = RandomShapes.of(200, 7);
    assertThat(shapes).isEqualTo(RandomShapes.of(200, 7)).isNotEqualTo(RandomShapes.of(200, 8));
    assertThat(shapes).extracting(Shape::trans).contains(Trans.values());
    assertThat(shapes)
        .allSatisfy(shape -> {
          assertThat(shape.m()).isBetween(1, 300);
          assertThat(shape.n()).isBetween(1, 300);
          assertThat(shape.k()).isBetween(1, 300);
          assertThat(shape.ldc() - shape.n()).isBetween(0, 16);
        });
  }
}
