/**
 * {@code train gpt} and {@code generate}: a decoder of GPT-2's kind that learns to continue a text,
 * character by character or by byte pairs, from six novels of Jane Austen unless another text is
 * given; and what continues texts with it.
 *
 * <p>This package depends on the libraries, {@code cli}, {@code samples.report} and {@code
 * samples.training}; only the command line depends on it.
 */
package org.lanewise.samples.gpt;
