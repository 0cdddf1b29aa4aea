/**
 * Event files, which TensorBoard shows while a training runs: {@link
 * org.lanewise.nn.tensorboard.TensorBoard} is a callback that writes them, and {@link
 * org.lanewise.nn.tensorboard.EventFile} writes single scalars, histograms, pictures, texts, graphs
 * and hyperparameters. Nothing of TensorFlow is needed.
 *
 * <p>A file is a row of records, each with its length and checksums, whose content is a message in
 * the wire format of Protocol Buffers. It depends on training and graphs; neither depends on it.
 */
package org.lanewise.nn.tensorboard;
