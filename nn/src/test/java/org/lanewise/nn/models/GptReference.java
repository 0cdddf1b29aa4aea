package org.lanewise.nn.models;

import java.util.Map;

/**
 * GPT-2's formulas in f64, one number after the other, on parameters with the names of its files.
 */
record GptReference(GptConfig config, Map<String, float[]> parameters) {
  /** The logits of each token of a text, [length][vocabulary]. */
  double[][] logits(int[] ids) {
    double[][] x = new double[ids.length][config.width()];
    for (int t = 0; t < ids.length; t++) {
      for (int i = 0; i < config.width(); i++) {
        x[t][i] = at("wte.weight", ids[t], i) + at("wpe.weight", t, i);
      }
    }
    for (int block = 0; block < config.layers(); block++) {
      String path = "h." + block + ".";
      double[][] qkv = projection(norm(x, path + "ln_1"), path + "attn.c_attn");
      add(x, projection(attention(qkv), path + "attn.c_proj"));
      double[][] up = projection(norm(x, path + "ln_2"), path + "mlp.c_fc");
      for (double[] row : up) {
        for (int i = 0; i < row.length; i++) {
          row[i] = gelu(row[i]);
        }
      }
      add(x, projection(up, path + "mlp.c_proj"));
    }
    double[][] states = norm(x, "ln_f");
    double[][] logits = new double[ids.length][config.vocabulary()];
    for (int t = 0; t < ids.length; t++) {
      for (int token = 0; token < config.vocabulary(); token++) {
        for (int i = 0; i < config.width(); i++) {
          logits[t][token] += states[t][i] * at("wte.weight", token, i);
        }
      }
    }
    return logits;
  }

  /** The mean cross-entropy of the tokens that follow. */
  double loss(int[] ids, int[] next) {
    double[][] logits = logits(ids);
    double loss = 0;
    for (int t = 0; t < ids.length; t++) {
      double sum = 0;
      for (double logit : logits[t]) {
        sum += Math.exp(logit);
      }
      loss += Math.log(sum) - logits[t][next[t]];
    }
    return loss / ids.length;
  }

  private double at(String table, int row, int column) {
    return parameters.get(table)[row * config.width() + column];
  }

  /** {@code x·W + b}, W [inputs, outputs]. */
  private double[][] projection(double[][] x, String path) {
    float[] weight = parameters.get(path + ".weight");
    float[] bias = parameters.get(path + ".bias");
    double[][] y = new double[x.length][bias.length];
    for (int t = 0; t < x.length; t++) {
      for (int j = 0; j < bias.length; j++) {
        y[t][j] = bias[j];
        for (int i = 0; i < x[t].length; i++) {
          y[t][j] += x[t][i] * weight[i * bias.length + j];
        }
      }
    }
    return y;
  }

  private double[][] norm(double[][] x, String path) {
    float[] weight = parameters.get(path + ".weight");
    float[] bias = parameters.get(path + ".bias");
    int width = weight.length;
    double[][] y = new double[x.length][width];
    for (int t = 0; t < x.length; t++) {
      double mean = 0;
      double variance = 0;
      for (double value : x[t]) {
        mean += value / width;
      }
      for (double value : x[t]) {
        variance += (value - mean) * (value - mean) / width;
      }
      for (int i = 0; i < width; i++) {
        y[t][i] = (x[t][i] - mean) / Math.sqrt(variance + config.epsilon()) * weight[i] + bias[i];
      }
    }
    return y;
  }

  private double[][] attention(double[][] qkv) {
    int width = config.width();
    int size = width / config.heads();
    double[][] y = new double[qkv.length][width];
    for (int head = 0; head < config.heads(); head++) {
      for (int t = 0; t < qkv.length; t++) {
        double[] weights = new double[t + 1];
        double sum = 0;
        for (int s = 0; s <= t; s++) {
          double product = 0;
          for (int i = head * size; i < (head + 1) * size; i++) {
            product += qkv[t][i] * qkv[s][width + i];
          }
          weights[s] = Math.exp(product / Math.sqrt(size));
          sum += weights[s];
        }
        for (int s = 0; s <= t; s++) {
          for (int i = head * size; i < (head + 1) * size; i++) {
            y[t][i] += weights[s] / sum * qkv[s][2 * width + i];
          }
        }
      }
    }
    return y;
  }

  private static double gelu(double x) {
    return x / 2 * (1 + Math.tanh(Math.sqrt(2 / Math.PI) * (x + 0.044715 * x * x * x)));
  }

  private static void add(double[][] x, double[][] more) {
    for (int t = 0; t < x.length; t++) {
      for (int i = 0; i < x[t].length; i++) {
        x[t][i] += more[t][i];
      }
    }
  }
}
