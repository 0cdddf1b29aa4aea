/**
 * Pretrained models, read from the folders in which they are published: encoders of text of BERT's
 * kind, with their tokenizers and weights, and sentences as vectors.
 *
 * <p>{@link org.lanewise.nn.models.PretrainedEncoder} reads a folder, and {@link
 * org.lanewise.nn.models.SentenceEmbedder} uses one. The models are records of layers whose
 * parameters have the names of the published files, so that what is trained further is a file for
 * other libraries too. A folder is used whole or not at all: what is missing or does not fit is one
 * exception, whose message is one line that names it.
 *
 * <p>This package depends on the layers, weights, sessions, tokenizers and files of this module,
 * and nothing in it depends on this package.
 */
package org.lanewise.nn.models;
