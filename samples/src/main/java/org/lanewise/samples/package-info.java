/**
 * The command line {@code lanewise}: its commands, those of the samples among them, and what lists
 * and tunes devices.
 *
 * <p>This package depends on {@code cli} and on the packages of all samples, and none on it.
 */
package org.lanewise.samples;
