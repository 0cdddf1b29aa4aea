/**
 * Models that are published, and what reads them from the folders in which they are: decoders of
 * text of GPT-2's kind, with their tokenizers and weights, and texts that they continue.
 *
 * <p>{@link org.lanewise.nn.models.PretrainedGpt} reads a folder and writes one, and {@link
 * org.lanewise.nn.models.Generation} continues texts. The models are records of layers whose
 * parameters have the names and layouts of the published files, so that what is trained here is a
 * folder for other libraries too. A folder is used whole or not at all: what is missing or does not
 * fit is one exception, whose message is one line that names it.
 *
 * <p>This package depends on the layers, weights, sessions, tokenizers and files of this module,
 * and nothing in it depends on this package.
 */
package org.lanewise.nn.models;
