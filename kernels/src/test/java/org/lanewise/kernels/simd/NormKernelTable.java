package org.lanewise.kernels.simd;

import java.util.List;
import org.lanewise.kernels.simd.KernelTable.Axis;
import org.lanewise.kernels.simd.KernelTable.Kernel;

/** The norms and their gradients for {@link KernelTable}. */
final class NormKernelTable {
  private NormKernelTable() {}

  static void addTo(List<Kernel> kernels) {
    kernels.add(
        Kernel.of(
            "layerNorm",
            Axis.ROWS,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.rowNorms()
                    .layerNorm(
                        t.x, t.z, t.z, t.out, t.state1, t.state2, 1e-5f, t.columns, from, to);
              }
            }));
    kernels.add(
        Kernel.of(
            "layerNorm in place",
            Axis.ROWS,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.rowNorms()
                    .layerNorm(
                        t.out, t.z, t.x, t.out, t.state1, t.state2, 1e-5f, t.columns, from, to);
              }
            }));
    kernels.add(
        Kernel.of(
            "rmsNorm",
            Axis.ROWS,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.rowNorms().rmsNorm(t.x, t.z, t.out, t.state1, 1e-5f, t.columns, from, to);
              }
            }));
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          Kernel.of(
              "layerNormBackward accumulate=" + accumulate,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.rowNorms()
                      .layerNormBackward(
                          accumulate, t.x, t.z, t.lse, t.lse, t.z, t.out, t.columns, from, to)));
      kernels.add(
          Kernel.of(
              "rmsNormBackward accumulate=" + accumulate,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.rowNorms()
                      .rmsNormBackward(
                          accumulate, t.x, t.z, t.lse, t.z, t.out, t.columns, from, to)));
      kernels.add(
          Kernel.of(
              "layerNormParameters accumulate=" + accumulate,
              Axis.COLUMNS,
              (k, t, from, to) ->
                  k.rowNorms()
                      .layerNormParameters(
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
          Kernel.of(
              "layerNormParameters of many rows accumulate=" + accumulate,
              Axis.WHOLE,
              (k, t, from, to) -> {
                if (t.columns > 0) {
                  k.rowNorms()
                      .layerNormParameters(
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
          Kernel.of(
              "rmsNormParameters accumulate=" + accumulate,
              Axis.COLUMNS,
              (k, t, from, to) ->
                  k.rowNorms()
                      .rmsNormParameters(
                          accumulate, t.x, t.lse, t.z, t.out, t.rows, t.columns, from, to)));
    }
    kernels.add(
        Kernel.of(
            "layerNormBackward in place",
            Axis.ROWS,
            (k, t, from, to) ->
                k.rowNorms()
                    .layerNormBackward(
                        false, t.x, t.z, t.lse, t.lse, t.out, t.out, t.columns, from, to)));
    addGroupNorms(kernels);
    kernels.add(
        Kernel.of(
            "batchNorm of a matrix",
            Axis.COLUMNS,
            (k, t, from, to) ->
                k.batchNorms()
                    .training(
                        t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                        t.rows, t.columns, 1, from, to)));
    kernels.add(
        Kernel.of(
            "batchNorm of many rows",
            Axis.WHOLE,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.batchNorms()
                    .training(
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
        Kernel.of(
            "batchNorm of one sample",
            Axis.ROWS,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.batchNorms()
                    .training(
                        t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                        1, t.rows, t.columns, from, to);
              }
            }));
    kernels.add(
        Kernel.of(
            "batchNorm of one channel",
            Axis.WHOLE,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.batchNorms()
                    .training(
                        t.x, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                        t.rows, 1, t.columns, from, to);
              }
            }));
    kernels.add(
        Kernel.of(
            "batchNorm of short runs",
            Axis.WHOLE,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.batchNorms()
                    .training(
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
        Kernel.of(
            "batchNorm of a matrix in place",
            Axis.COLUMNS,
            (k, t, from, to) ->
                k.batchNorms()
                    .training(
                        t.out, t.z, t.z, t.out, t.state1, t.state2, t.state3, t.state4, 1e-5f, 0.1f,
                        t.rows, t.columns, 1, from, to)));
    kernels.add(
        Kernel.of(
            "batchNorm evaluation of a matrix",
            Axis.COLUMNS,
            (k, t, from, to) ->
                k.batchNorms()
                    .evaluation(
                        t.x, t.z, t.z, t.z, t.state2, t.out, t.state1, 1e-5f, t.rows, t.columns, 1,
                        from, to)));
    kernels.add(
        Kernel.of(
            "batchNorm evaluation of one sample",
            Axis.ROWS,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.batchNorms()
                    .evaluation(
                        t.x, t.z, t.z, t.z, t.state2, t.out, t.state1, 1e-5f, 1, t.rows, t.columns,
                        from, to);
              }
            }));
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          Kernel.of(
              "batchNormBackward of a matrix accumulate=" + accumulate,
              Axis.COLUMNS,
              (k, t, from, to) ->
                  k.batchNorms()
                      .backward(
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
          Kernel.of(
              "batchNormBackward of one sample accumulate=" + accumulate,
              Axis.ROWS,
              (k, t, from, to) -> {
                if (t.columns > 0) {
                  k.batchNorms()
                      .backward(
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
          Kernel.of(
              "batchNormBackward evaluation of a matrix accumulate=" + accumulate,
              Axis.COLUMNS,
              (k, t, from, to) ->
                  k.batchNorms()
                      .backward(
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
          Kernel.of(
              "batchNormBackward evaluation of one sample accumulate=" + accumulate,
              Axis.ROWS,
              (k, t, from, to) -> {
                if (t.columns > 0) {
                  k.batchNorms()
                      .backward(
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
        Kernel.of(
            "batchNormBackward of many rows",
            Axis.WHOLE,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.batchNorms()
                    .backward(
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
        Kernel.of(
            "batchNormBackward of short runs in place",
            Axis.WHOLE,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.batchNorms()
                    .backward(
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

  private static void addGroupNorms(List<Kernel> kernels) {
    kernels.add(
        Kernel.of(
            "groupNorm of a matrix",
            Axis.ROWS,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.rowNorms()
                    .groupNorm(
                        t.x, t.z, t.z, t.out, t.state1, t.state2, 1e-5f, 1, t.columns, 1, from, to);
              }
            }));
    kernels.add(
        Kernel.of(
            "groupNorm of groups of one channel in place",
            Axis.ROWS,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.rowNorms()
                    .groupNorm(
                        t.out, t.z, t.x, t.out, t.state1, t.state2, 1e-5f, t.rows, t.rows,
                        t.columns, from, to);
              }
            }));
    kernels.add(
        Kernel.of(
            "groupNorm of short runs",
            Axis.WHOLE,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                Runs runs = Runs.of(t);
                k.rowNorms()
                    .groupNorm(
                        t.x,
                        t.z,
                        t.x,
                        t.out,
                        t.state1,
                        t.state2,
                        1e-5f,
                        runs.groups,
                        runs.channels,
                        runs.spatial,
                        0,
                        runs.groups);
              }
            }));
    for (boolean accumulate : new boolean[] {false, true}) {
      kernels.add(
          Kernel.of(
              "groupNormBackward of a matrix accumulate=" + accumulate,
              Axis.ROWS,
              (k, t, from, to) ->
                  k.rowNorms()
                      .groupNormBackward(
                          accumulate,
                          t.x,
                          t.z,
                          t.lse,
                          t.lse,
                          t.z,
                          t.out,
                          1,
                          t.columns,
                          1,
                          from,
                          to)));
      kernels.add(
          Kernel.of(
              "groupNormBackward of short runs accumulate=" + accumulate,
              Axis.WHOLE,
              (k, t, from, to) -> {
                if (t.columns > 0) {
                  Runs runs = Runs.of(t);
                  k.rowNorms()
                      .groupNormBackward(
                          accumulate,
                          t.x,
                          t.z,
                          t.z,
                          t.z,
                          t.z,
                          t.out,
                          runs.groups,
                          runs.channels,
                          runs.spatial,
                          0,
                          runs.groups);
                }
              }));
      kernels.add(
          Kernel.of(
              "groupNormParameters of a matrix accumulate=" + accumulate,
              Axis.COLUMNS,
              (k, t, from, to) ->
                  k.rowNorms()
                      .groupNormParameters(
                          accumulate,
                          t.x,
                          t.lse,
                          t.lse,
                          t.z,
                          t.out,
                          t.state1,
                          t.rows,
                          1,
                          t.columns,
                          1,
                          from,
                          to)));
      kernels.add(
          Kernel.of(
              "groupNormParameters of short runs accumulate=" + accumulate,
              Axis.WHOLE,
              (k, t, from, to) -> {
                if (t.columns > 0) {
                  Runs runs = Runs.of(t);
                  k.rowNorms()
                      .groupNormParameters(
                          accumulate,
                          t.x,
                          t.z,
                          t.z,
                          t.z,
                          t.out,
                          t.state1,
                          1,
                          runs.groups,
                          runs.channels,
                          runs.spatial,
                          0,
                          runs.channels);
                }
              }));
    }
    kernels.add(
        Kernel.of(
            "groupNormBackward of groups of one channel in place",
            Axis.ROWS,
            (k, t, from, to) -> {
              if (t.columns > 0) {
                k.rowNorms()
                    .groupNormBackward(
                        false, t.x, t.z, t.lse, t.lse, t.out, t.out, t.rows, t.rows, t.columns,
                        from, to);
              }
            }));
  }

  /** One sample of channels that are a little longer than three vectors of 16. */
  private record Runs(long groups, long channels, long spatial) {
    static Runs of(KernelTable.Tensors t) {
      long spatial = Math.min(t.size, 49);
      long channels = t.size / spatial;
      return new Runs(channels % 2 == 0 ? channels / 2 : 1, channels, spatial);
    }
  }
}
