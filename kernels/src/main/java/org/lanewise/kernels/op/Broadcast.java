package org.lanewise.kernels.op;

/** Which element of an operand y belongs to element {@code x[i][j]} of a matrix. */
public enum Broadcast {
  /** {@code y[i][j]}: y has the shape of x. */
  NONE,
  /** {@code y[0]}: y is a single element. */
  SCALAR,
  /** {@code y[j]}: y is a row, used for every row of x. */
  ROW,
  /** {@code y[i]}: y is a column, used for every column of x. */
  COLUMN
}
