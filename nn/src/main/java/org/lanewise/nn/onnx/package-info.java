/**
 * Interchange with other programs in the ONNX format.
 *
 * <p>{@link org.lanewise.nn.onnx.Onnx} exports what a function of tensors computes, and reads the
 * weights of models that others have exported. A graph here has fixed shapes, a model there may
 * have lengths that vary: {@code SampledSizes} traces a function at several sizes, {@code
 * OnnxExporter} goes through the nodes, and the classes whose names end with {@code Export} say for
 * each family of ops by which operators it is computed.
 *
 * <p>This package depends on the graphs, weights and file formats of this module, on no library of
 * the format and on no runtime. Only {@code models} depends on it.
 */
package org.lanewise.nn.onnx;
