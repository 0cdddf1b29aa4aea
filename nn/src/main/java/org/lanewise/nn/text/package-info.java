/**
 * Text as the numbers that models take: tokenizers read from the files of pretrained models, and a
 * trainer of byte pairs for models of one's own.
 *
 * <p>{@link org.lanewise.nn.text.Tokenizers} finds out which kind of tokenizer a file or folder
 * holds. A text runs through four steps, each of which is a record of its own: a normalizer (lower
 * case, accents), a pre-tokenizer that finds words, a model that cuts a word into tokens of the
 * vocabulary, and a template that puts special tokens around them. Through all of them each
 * character keeps the place in the input that it came from.
 *
 * <p>The models are WordPiece (Schuster and Nakajima, Japanese and Korean voice search, 2012;
 * Devlin et al., arXiv 1810.04805), byte pairs (Sennrich et al., arXiv 1508.07909; of bytes:
 * Radford et al., Language models are unsupervised multitask learners, 2019), unigrams (Kudo, arXiv
 * 1804.10959) and characters. Ids are equal to those of the Hugging Face library for the same file.
 *
 * <p>Unpaired surrogates count as U+FFFD. Every step takes time linear in the text, or n log n for
 * the byte pairs of one long word, and no recursion.
 *
 * <p>This package depends on {@code org.lanewise.nn.io} and on Jackson's streaming parser alone.
 */
package org.lanewise.nn.text;
