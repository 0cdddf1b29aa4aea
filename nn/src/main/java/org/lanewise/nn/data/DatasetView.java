package org.lanewise.nn.data;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.LongUnaryOperator;
import org.lanewise.nn.Signature;

/**
 * Some samples of a data set in some order.
 *
 * @param place of each sample in the data set
 */
record DatasetView(Dataset dataset, long size, LongUnaryOperator place) implements Dataset {
  @Override
  public Signature signature() {
    return dataset.signature();
  }

  @Override
  public Map<String, LongUnaryOperator> lengths() {
    Map<String, LongUnaryOperator> lengths = new LinkedHashMap<>();
    dataset.lengths().forEach((name, length) -> lengths.put(name, length.compose(place)));
    return lengths;
  }

  @Override
  public void read(long index, Sample into) {
    dataset.read(place.applyAsLong(Objects.checkIndex(index, size)), into);
  }
}
