/**
 * {@code train worked-example}: one training step of a network so small that it can be followed by
 * hand, with the formulas.
 *
 * <p>This package depends on the libraries and {@code cli}; only the command line depends on it.
 */
package org.lanewise.samples.worked;
