/**
 * Reverse-mode differentiation: a pass that appends to a graph the ops that compute gradients.
 *
 * <p>{@link org.lanewise.nn.gradient.Gradients} walks the nodes backwards and keeps the books:
 * which value has which gradient, and whether the next contribution to it is written, added or
 * copied. Each family of ops has a file with its rules, which only say which op computes which
 * gradient from what. The forward nodes stay as they are.
 *
 * <p>Depends on {@code org.lanewise.nn.graph}, the op vocabulary, and {@link
 * org.lanewise.nn.DifferentiableOp}.
 */
package org.lanewise.nn.gradient;
