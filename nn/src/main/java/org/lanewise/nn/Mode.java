package org.lanewise.nn;

/** What a model is traced for. Dropout and batch norm ask it. */
public enum Mode {
  /** To compute gradients: elements are dropped, and batch norm uses the batch's statistics. */
  TRAIN,
  /** To compute outputs only: nothing is random, and no state changes. */
  EVALUATE
}
