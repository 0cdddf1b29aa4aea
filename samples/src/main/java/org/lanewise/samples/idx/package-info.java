/**
 * Databases of labelled pictures in the IDX format, as MNIST and Fashion-MNIST are, and what the
 * samples that classify them have in common.
 *
 * <p>This package depends on the libraries, {@code cli}, and {@code samples.report} and {@code
 * samples.training}; the packages of those samples depend on it.
 */
package org.lanewise.samples.idx;
