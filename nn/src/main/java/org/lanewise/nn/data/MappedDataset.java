package org.lanewise.nn.data;

import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
import java.util.function.LongUnaryOperator;
import java.util.random.RandomGenerator;
import org.lanewise.nn.Signature;

/**
 * The samples of a data set, each changed after it is read.
 *
 * @param change gets the sample and its random numbers
 */
record MappedDataset(Dataset dataset, BiConsumer<Sample, RandomGenerator> change)
    implements Dataset {
  MappedDataset {
    Objects.requireNonNull(change, "change");
  }

  @Override
  public long size() {
    return dataset.size();
  }

  @Override
  public Signature signature() {
    return dataset.signature();
  }

  @Override
  public Map<String, LongUnaryOperator> lengths() {
    return dataset.lengths();
  }

  @Override
  public void read(long index, Sample into) {
    dataset.read(index, into);
    change.accept(into, into.random());
  }
}
