/**
 * Pretrained models, read from the folders in which they are published: encoders of text of BERT's
 * kind, and sentences as vectors; decoders of GPT-2's kind, and texts that they continue.
 *
 * <p>{@link org.lanewise.nn.models.PretrainedEncoder} and {@link
 * org.lanewise.nn.models.PretrainedGpt} read a folder with its tokenizer and weights; {@link
 * org.lanewise.nn.models.SentenceEmbedder} and {@link org.lanewise.nn.models.Generation} use one.
 * The models are records of layers whose parameters have the names and layouts of the published
 * files, so that what is trained here is a folder for other libraries too. A folder is used whole
 * or not at all: what is missing or does not fit is one exception, whose message is one line that
 * names it.
 *
 * <p>This package depends on the layers, weights, sessions, tokenizers and files of this module,
 * and nothing in it depends on this package.
 */
package org.lanewise.nn.models;
