/**
 * {@code train dna} and {@code predict dna}: finds splice sites in DNA, the borders between exons
 * and introns, by a small convolutional network, and compares its errors with those of KBANN
 * (Noordewier, Towell and Shavlik, "Training Knowledge-Based Neural Networks to Recognize Genes in
 * DNA Sequences", NeurIPS 1990) under the same protocol.
 *
 * <p>This package depends on the libraries, {@code cli}, {@code samples.report} and {@code
 * samples.training}; only the command line depends on it.
 */
package org.lanewise.samples.dna;
