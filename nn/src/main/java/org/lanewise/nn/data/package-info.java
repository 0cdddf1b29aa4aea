/**
 * Data that models are trained on: {@link org.lanewise.nn.data.Dataset}s give samples by index, and
 * {@link org.lanewise.nn.data.Batches} put them together, in an order that is a function of seed
 * and epoch, so that a resumed training sees what it would have seen.
 */
package org.lanewise.nn.data;
