/**
 * {@code train mnist} and {@code predict mnist}: classifiers of handwritten digits, a perceptron
 * and two convolutional networks, on the MNIST database (LeCun, Cortes and Burges).
 *
 * <p>This package depends on the libraries, {@code cli}, {@code samples.idx}, {@code
 * samples.picture}, {@code samples.report} and {@code samples.training}; only the command line
 * depends on it.
 */
package org.lanewise.samples.mnist;
