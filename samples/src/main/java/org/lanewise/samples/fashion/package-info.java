/**
 * {@code train fashion} and {@code predict fashion}: a small convolutional network that tells ten
 * kinds of clothes apart, on Fashion-MNIST (Xiao, Rasul and Vollgraf, arXiv 1708.07747).
 *
 * <p>This package depends on the libraries, {@code cli}, {@code samples.idx}, {@code
 * samples.picture}, {@code samples.report} and {@code samples.training}; only the command line
 * depends on it.
 */
package org.lanewise.samples.fashion;
