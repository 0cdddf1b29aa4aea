package org.lanewise.kernels.simd;

import java.util.List;
import org.lanewise.kernels.scalar.ScalarBatchNormKernels;
import org.lanewise.kernels.scalar.ScalarRowNormKernels;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;
import org.lanewise.kernels.simd.norm.BatchNormKernels;
import org.lanewise.kernels.simd.norm.RowNormKernels;

/** The norms and their gradients for {@link KernelTable}. */
final class NormKernelTable {
  private NormKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    kernels.add(
        new Kernel(
            "layerNorm",
            Axis.ROWS,
            (t, from, to) -> {
              if (t.columns > 0) {
                RowNormKernels.layerNorm(
                    t.x, t.z, t.z, t.out, t.state1, t.state2, 1e-5f, t.columns, from, to);
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarRowNormKernels.layerNorm(
                    t.x, t.z, t.z, t.out, t.state1, t.state2, 1e-5f, t.columns, from, to);
              }
            }));
    kernels.add(
        new Kernel(
            "layerNorm in place",
            Axis.ROWS,
            (t, from, to) -> {
              if (t.columns > 0) {
                RowNormKernels.layerNorm(
                    t.out, t.z, t.x, t.out, t.state1, t.state2, 1e-5f, t.columns, from, to);
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarRowNormKernels.layerNorm(
                    t.out, t.z, t.x, t.out, t.state1, t.state2, 1e-5f, t.columns, from, to);
              }
            }));
    kernels.add(
        new Kernel(
            "rmsNorm",
            Axis.ROWS,
            (t, from, to) -> {
              if (t.columns > 0) {
                RowNormKernels.rmsNorm(t.x, t.z, t.out, t.state1, 1e-5f, t.columns, from, to);
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarRowNormKernels.rmsNorm(t.x, t.z, t.out, t.state1, 1e-5f, t.columns, from, to);
              }
            }));
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          new Kernel(
              "layerNormBackward accumulate=" + accumulate,
              Axis.ROWS,
              (t, from, to) ->
                  RowNormKernels.layerNormBackward(
                      accumulate, t.x, t.z, t.lse, t.lse, t.z, t.out, t.columns, from, to),
              (t, from, to) ->
                  ScalarRowNormKernels.layerNormBackward(
                      accumulate, t.x, t.z, t.lse, t.lse, t.z, t.out, t.columns, from, to)));
      kernels.add(
          new Kernel(
              "rmsNormBackward accumulate=" + accumulate,
              Axis.ROWS,
              (t, from, to) ->
                  RowNormKernels.rmsNormBackward(
                      accumulate, t.x, t.z, t.lse, t.z, t.out, t.columns, from, to),
              (t, from, to) ->
                  ScalarRowNormKernels.rmsNormBackward(
                      accumulate, t.x, t.z, t.lse, t.z, t.out, t.columns, from, to)));
      kernels.add(
          new Kernel(
              "layerNormParameters accumulate=" + accumulate,
              Axis.COLUMNS,
              (t, from, to) ->
                  RowNormKernels.layerNormParameters(
                      accumulate,
                      t.x,
                      t.lse,
                      t.lse,
                      t.z,
                      t.out,
                      t.state1,
                      t.rows,
                      t.columns,
                      from,
                      to),
              (t, from, to) ->
                  ScalarRowNormKernels.layerNormParameters(
                      accumulate,
                      t.x,
                      t.lse,
                      t.lse,
                      t.z,
                      t.out,
                      t.state1,
                      t.rows,
                      t.columns,
                      from,
                      to)));
      kernels.add(
          new Kernel(
              "layerNormParameters of many rows accumulate=" + accumulate,
              Axis.WHOLE,
              (t, from, to) -> {
                if (t.columns > 0) {
                  RowNormKernels.layerNormParameters(
                      accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.size / Math.min(t.size, 50),
                      Math.min(t.size, 50),
                      0,
                      Math.min(t.size, 50));
                }
              },
              (t, from, to) -> {
                if (t.columns > 0) {
                  ScalarRowNormKernels.layerNormParameters(
                      accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.size / Math.min(t.size, 50),
                      Math.min(t.size, 50),
                      0,
                      Math.min(t.size, 50));
                }
              }));
      kernels.add(
          new Kernel(
              "rmsNormParameters accumulate=" + accumulate,
              Axis.COLUMNS,
              (t, from, to) ->
                  RowNormKernels.rmsNormParameters(
                      accumulate, t.x, t.lse, t.z, t.out, t.rows, t.columns, from, to),
              (t, from, to) ->
                  ScalarRowNormKernels.rmsNormParameters(
                      accumulate, t.x, t.lse, t.z, t.out, t.rows, t.columns, from, to)));
    }
    kernels.add(
        new Kernel(
            "layerNormBackward in place",
            Axis.ROWS,
            (t, from, to) ->
                RowNormKernels.layerNormBackward(
                    false, t.x, t.z, t.lse, t.lse, t.out, t.out, t.columns, from, to),
            (t, from, to) ->
                ScalarRowNormKernels.layerNormBackward(
                    false, t.x, t.z, t.lse, t.lse, t.out, t.out, t.columns, from, to)));
    kernels.add(
        new Kernel(
            "batchNorm of a matrix",
            Axis.COLUMNS,
            (t, from, to) ->
                BatchNormKernels.training(
                    t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                    t.rows, t.columns, 1, from, to),
            (t, from, to) ->
                ScalarBatchNormKernels.training(
                    t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                    t.rows, t.columns, 1, from, to)));
    kernels.add(
        new Kernel(
            "batchNorm of many rows",
            Axis.WHOLE,
            (t, from, to) -> {
              if (t.columns > 0) {
                BatchNormKernels.training(
                    t.x,
                    t.z,
                    t.z,
                    t.out,
                    t.state1,
                    t.state2,
                    t.state3,
                    t.state4,
                    1e-5f,
                    0.1f,
                    t.size / Math.min(t.size, 20),
                    Math.min(t.size, 20),
                    1,
                    0,
                    Math.min(t.size, 20));
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarBatchNormKernels.training(
                    t.x,
                    t.z,
                    t.z,
                    t.out,
                    t.state1,
                    t.state2,
                    t.state3,
                    t.state4,
                    1e-5f,
                    0.1f,
                    t.size / Math.min(t.size, 20),
                    Math.min(t.size, 20),
                    1,
                    0,
                    Math.min(t.size, 20));
              }
            }));
    kernels.add(
        new Kernel(
            "batchNorm of one sample",
            Axis.ROWS,
            (t, from, to) -> {
              if (t.columns > 0) {
                BatchNormKernels.training(
                    t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f, 1,
                    t.rows, t.columns, from, to);
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarBatchNormKernels.training(
                    t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f, 1,
                    t.rows, t.columns, from, to);
              }
            }));
    kernels.add(
        new Kernel(
            "batchNorm of one channel",
            Axis.WHOLE,
            (t, from, to) -> {
              if (t.columns > 0) {
                BatchNormKernels.training(
                    t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                    t.rows, 1, t.columns, from, to);
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarBatchNormKernels.training(
                    t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                    t.rows, 1, t.columns, from, to);
              }
            }));
    kernels.add(
        new Kernel(
            "batchNorm of short runs",
            Axis.WHOLE,
            (t, from, to) -> {
              if (t.columns > 0) {
                BatchNormKernels.training(
                    t.x,
                    t.z,
                    t.z,
                    t.out,
                    t.state1,
                    t.state2,
                    t.state3,
                    t.state4,
                    1e-5f,
                    0.1f,
                    t.size / Math.min(t.size, 49),
                    1,
                    Math.min(t.size, 49),
                    from,
                    to);
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarBatchNormKernels.training(
                    t.x,
                    t.z,
                    t.z,
                    t.out,
                    t.state1,
                    t.state2,
                    t.state3,
                    t.state4,
                    1e-5f,
                    0.1f,
                    t.size / Math.min(t.size, 49),
                    1,
                    Math.min(t.size, 49),
                    from,
                    to);
              }
            }));
    kernels.add(
        new Kernel(
            "batchNorm of a matrix in place",
            Axis.COLUMNS,
            (t, from, to) ->
                BatchNormKernels.training(
                    t.out, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                    t.rows, t.columns, 1, from, to),
            (t, from, to) ->
                ScalarBatchNormKernels.training(
                    t.out, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                    t.rows, t.columns, 1, from, to)));
    kernels.add(
        new Kernel(
            "batchNorm evaluation of a matrix",
            Axis.COLUMNS,
            (t, from, to) ->
                BatchNormKernels.evaluation(
                    t.x, t.z, t.z, t.z, t.state2, t.out, t.state1, 1e-5f, t.rows, t.columns, 1,
                    from, to),
            (t, from, to) ->
                ScalarBatchNormKernels.evaluation(
                    t.x, t.z, t.z, t.z, t.state2, t.out, t.state1, 1e-5f, t.rows, t.columns, 1,
                    from, to)));
    kernels.add(
        new Kernel(
            "batchNorm evaluation of one sample",
            Axis.ROWS,
            (t, from, to) -> {
              if (t.columns > 0) {
                BatchNormKernels.evaluation(
                    t.x, t.z, t.z, t.z, t.state2, t.out, t.state1, 1e-5f, 1, t.rows, t.columns,
                    from, to);
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarBatchNormKernels.evaluation(
                    t.x, t.z, t.z, t.z, t.state2, t.out, t.state1, 1e-5f, 1, t.rows, t.columns,
                    from, to);
              }
            }));
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          new Kernel(
              "batchNormBackward of a matrix accumulate=" + accumulate,
              Axis.COLUMNS,
              (t, from, to) ->
                  BatchNormKernels.backward(
                      true,
                      accumulate,
                      accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.state2,
                      t.rows,
                      t.columns,
                      1,
                      from,
                      to),
              (t, from, to) ->
                  ScalarBatchNormKernels.backward(
                      true,
                      accumulate,
                      accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.state2,
                      t.rows,
                      t.columns,
                      1,
                      from,
                      to)));
      kernels.add(
          new Kernel(
              "batchNormBackward of one sample accumulate=" + accumulate,
              Axis.ROWS,
              (t, from, to) -> {
                if (t.columns > 0) {
                  BatchNormKernels.backward(
                      true,
                      accumulate,
                      !accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.state2,
                      1,
                      t.rows,
                      t.columns,
                      from,
                      to);
                }
              },
              (t, from, to) -> {
                if (t.columns > 0) {
                  ScalarBatchNormKernels.backward(
                      true,
                      accumulate,
                      !accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.state2,
                      1,
                      t.rows,
                      t.columns,
                      from,
                      to);
                }
              }));
      kernels.add(
          new Kernel(
              "batchNormBackward evaluation of a matrix accumulate=" + accumulate,
              Axis.COLUMNS,
              (t, from, to) ->
                  BatchNormKernels.backward(
                      false,
                      accumulate,
                      accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.state2,
                      t.rows,
                      t.columns,
                      1,
                      from,
                      to),
              (t, from, to) ->
                  ScalarBatchNormKernels.backward(
                      false,
                      accumulate,
                      accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.state2,
                      t.rows,
                      t.columns,
                      1,
                      from,
                      to)));
      kernels.add(
          new Kernel(
              "batchNormBackward evaluation of one sample accumulate=" + accumulate,
              Axis.ROWS,
              (t, from, to) -> {
                if (t.columns > 0) {
                  BatchNormKernels.backward(
                      false,
                      accumulate,
                      !accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.state2,
                      1,
                      t.rows,
                      t.columns,
                      from,
                      to);
                }
              },
              (t, from, to) -> {
                if (t.columns > 0) {
                  ScalarBatchNormKernels.backward(
                      false,
                      accumulate,
                      !accumulate,
                      t.x,
                      t.z,
                      t.z,
                      t.z,
                      t.z,
                      t.out,
                      t.state1,
                      t.state2,
                      1,
                      t.rows,
                      t.columns,
                      from,
                      to);
                }
              }));
    }
    kernels.add(
        new Kernel(
            "batchNormBackward of many rows",
            Axis.WHOLE,
            (t, from, to) -> {
              if (t.columns > 0) {
                BatchNormKernels.backward(
                    true,
                    false,
                    false,
                    t.x,
                    t.z,
                    t.z,
                    t.z,
                    t.z,
                    t.out,
                    t.state1,
                    t.state2,
                    t.size / Math.min(t.size, 20),
                    Math.min(t.size, 20),
                    1,
                    0,
                    Math.min(t.size, 20));
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarBatchNormKernels.backward(
                    true,
                    false,
                    false,
                    t.x,
                    t.z,
                    t.z,
                    t.z,
                    t.z,
                    t.out,
                    t.state1,
                    t.state2,
                    t.size / Math.min(t.size, 20),
                    Math.min(t.size, 20),
                    1,
                    0,
                    Math.min(t.size, 20));
              }
            }));
    kernels.add(
        new Kernel(
            "batchNormBackward of short runs in place",
            Axis.WHOLE,
            (t, from, to) -> {
              if (t.columns > 0) {
                BatchNormKernels.backward(
                    true,
                    false,
                    false,
                    t.x,
                    t.z,
                    t.z,
                    t.z,
                    t.out,
                    t.out,
                    t.state1,
                    t.state2,
                    t.size / Math.min(t.size, 49),
                    1,
                    Math.min(t.size, 49),
                    from,
                    to);
              }
            },
            (t, from, to) -> {
              if (t.columns > 0) {
                ScalarBatchNormKernels.backward(
                    true,
                    false,
                    false,
                    t.x,
                    t.z,
                    t.z,
                    t.z,
                    t.out,
                    t.out,
                    t.state1,
                    t.state2,
                    t.size / Math.min(t.size, 49),
                    1,
                    Math.min(t.size, 49),
                    from,
                    to);
              }
            }));
  }
}
