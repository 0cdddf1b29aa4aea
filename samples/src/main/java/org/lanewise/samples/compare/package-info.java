/**
 * {@code compare}: several trainings side by side, from the histories that they left.
 *
 * <p>This package depends on the libraries, {@code cli} and {@code samples.report}; only the
 * command line depends on it.
 */
package org.lanewise.samples.compare;
