package org.lanewise.nn.models;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** The files of pretrained models that are in test libraries. */
enum PublishedModel {
  /** all-MiniLM-L6-v2 (Wang et al., arXiv 2002.10957), 90 MB. */
  MINILM("all-minilm-l6-v2"),
  /** bge-small-en-v1.5 (Xiao et al., arXiv 2309.07597), 133 MB. */
  BGE_SMALL("bge-small-en-v1.5");

  private final String name;

  PublishedModel(String name) {
    this.name = name;
  }

  /** Copies the files to a folder as they are in the library. */
  Path unpack(Path folder) throws IOException {
    for (String file : List.of(name + ".onnx", name + "-tokenizer.json")) {
      try (InputStream in = ClassLoader.getSystemResourceAsStream(file)) {
        assertThat(in).as("%s on the class path", file).isNotNull();
        Files.copy(in, folder.resolve(file));
      }
    }
    return folder;
  }

  /** The model's file in its folder. */
  Path file(Path folder) {
    return folder.resolve(name + ".onnx");
  }
}
