/**
 * Texts as vectors of a pretrained encoder: {@code embed} prints them, and {@code similar} finds
 * the lines of a file that are nearest to a text.
 *
 * <p>This package depends on the libraries, {@code cli} and the options of {@code
 * samples.training}; only the command line depends on it.
 */
package org.lanewise.samples.sentences;
