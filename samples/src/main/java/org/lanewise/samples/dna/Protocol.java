package org.lanewise.samples.dna;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.stream.IntStream;

/**
 * A cross-validation: examples are drawn at random and divided into folds, and each fold is
 * classified by networks that were trained on the others.
 *
 * @param name in words
 * @param file what its files are called
 * @param examples how many are drawn
 * @param folds at least 2
 */
record Protocol(String name, String file, int examples, int folds) {
  /** The protocol of KBANN's authors: 10 folds of 1,000 examples. */
  static Protocol ofThousand(int available) {
    int examples = Math.min(1000, available);
    return new Protocol("%,d examples".formatted(examples), "thousand", examples, 10);
  }

  /** 5 folds of all examples. */
  static Protocol ofAll(int available) {
    return new Protocol("all %,d examples".formatted(available), "all", available, 5);
  }

  /**
   * One of the folds.
   *
   * @param train the examples to train on
   * @param test the examples of the fold
   */
  record Fold(SpliceJunctions train, SpliceJunctions test) {}

  /** The folds, which depend on data and seed. */
  List<Fold> divide(SpliceJunctions junctions, long seed) {
    List<Integer> order = new ArrayList<>();
    for (int i = 0; i < junctions.size(); i++) {
      order.add(i);
    }
    Collections.shuffle(order, new Random(seed));
    List<Fold> all = new ArrayList<>();
    for (int fold = 0; fold < folds; fold++) {
      int own = fold;
      all.add(
          new Fold(
              junctions.choose(
                  places(order).filter(i -> i % folds != own).map(order::get).toArray()),
              junctions.choose(
                  places(order).filter(i -> i % folds == own).map(order::get).toArray())));
    }
    return all;
  }

  private IntStream places(List<Integer> order) {
    return IntStream.range(0, Math.min(examples, order.size()));
  }
}
