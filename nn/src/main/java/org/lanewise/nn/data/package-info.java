/**
 * Data that models are trained on: {@link org.lanewise.nn.data.Dataset}s give samples by index, and
 * {@link org.lanewise.nn.data.Batches} put them together. Their order, and the random numbers that
 * augment them, are functions of seed, epoch and index, so that a resumed training sees what it
 * would have seen. No memory grows with the data set but 4 bytes for each sample of one that is
 * shuffled, and these only up to 2²⁰ samples.
 *
 * <p>Samples may differ in length. Those of a batch are padded to the longest of them, and batches
 * can be made of samples of similar length.
 *
 * <p>Depends on {@code org.lanewise.nn} and the random numbers of {@code org.lanewise.kernels}.
 */
package org.lanewise.nn.data;
