package org.lanewise.nn.tensorboard;

import java.util.Locale;
import org.lanewise.nn.io.ProtobufWriter;

/** What TensorBoard shows values with, and the class of data that it stores them as. */
enum Plugin {
  SCALARS(1),
  HISTOGRAMS(2),
  TEXT(2),
  IMAGES(3),
  HPARAMS(2);

  private final int dataClass;

  Plugin(int dataClass) {
    this.dataClass = dataClass;
  }

  /** The message {@code SummaryMetadata} of a value that needs no more data of the plugin. */
  ProtobufWriter metadata() {
    return metadata(new ProtobufWriter());
  }

  /** The message {@code SummaryMetadata}, with data of the plugin. */
  ProtobufWriter metadata(ProtobufWriter content) {
    ProtobufWriter data = new ProtobufWriter().string(1, name().toLowerCase(Locale.ROOT));
    if (content.byteSize() > 0) {
      data.message(2, content);
    }
    return new ProtobufWriter().message(1, data).varint(4, dataClass);
  }
}
