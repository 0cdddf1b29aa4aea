package org.lanewise.nn.layers;

/** What pooling makes of the elements of a window. */
public enum Pooling {
  /** The largest one; NaN if there is one. */
  MAX,
  /** The mean, in which padding counts as zeros. */
  AVERAGE,
  /** The mean of those that are no padding. */
  AVERAGE_WITHOUT_PADDING
}
