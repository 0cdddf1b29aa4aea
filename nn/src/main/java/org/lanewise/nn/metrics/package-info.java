/**
 * Metrics: numbers that tell how well a model does on a data set, computed from what it puts out
 * and from labels. A {@link org.lanewise.nn.metrics.Metric} is a description; each evaluation
 * starts a measurement of it, which looks at batch after batch. What it says does not depend on how
 * the samples are divided into batches, and an output that is not a number is never a right answer.
 *
 * <p>This package depends on {@code org.lanewise.nn} and the types of {@code org.lanewise.kernels};
 * {@code org.lanewise.nn.train} depends on it.
 */
package org.lanewise.nn.metrics;
