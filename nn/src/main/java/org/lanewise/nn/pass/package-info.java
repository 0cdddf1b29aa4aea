/**
 * Passes: functions from graph to graph that keep what a graph computes, bit for bit, and change
 * what it costs. Each is small, knows nothing of the others, and is alone in its file.
 *
 * <p>They run after gradients are appended, so that what the backward pass still needs is seen as
 * what it is, another use of a value: a fused activation keeps its argument in training, where the
 * gradient reads it, and not in inference.
 *
 * <p>Depends on {@code org.lanewise.nn.graph} and the op vocabulary.
 */
package org.lanewise.nn.pass;
