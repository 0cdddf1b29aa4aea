package org.lanewise.nn.metrics;

/**
 * {@code exp(mean of −log softmax(x)[label])} of the rows of logits x, or of sigmoids if they are
 * of one column. It is computed in f64, and NaN if a logit is.
 */
record Perplexity(Source source) implements Metric {
  @Override
  public String name() {
    return "perplexity";
  }

  @Override
  public Measurement start() {
    return new RowMean(source, Perplexity::crossEntropy) {
      @Override
      public double value() {
        return StrictMath.exp(super.value());
      }
    };
  }

  private static double crossEntropy(Rows rows, long row, int label) {
    if (rows.columns() == 1) {
      double x = label == 1 ? rows.score(row, 0) : -rows.score(row, 0);
      return Math.max(-x, 0) + StrictMath.log1p(StrictMath.exp(-Math.abs(x)));
    }
    double largest = Double.NEGATIVE_INFINITY;
    for (int i = 0; i < rows.columns(); i++) {
      largest = Math.max(largest, rows.score(row, i));
    }
    double sum = 0;
    for (int i = 0; i < rows.columns(); i++) {
      sum += StrictMath.exp(rows.score(row, i) - largest);
    }
    return StrictMath.log(sum) - (rows.score(row, label) - largest);
  }
}
