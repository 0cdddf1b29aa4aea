package org.lanewise.nn.metrics;

/** How a metric of classes is made of those of each class. */
public enum Average {
  /** That of class 1 of two. */
  BINARY,
  /** That of the rows of all classes together. */
  MICRO,
  /** The mean of those of the classes that occur, as a label or as what a row gets. */
  MACRO
}
