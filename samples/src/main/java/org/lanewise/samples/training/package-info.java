/**
 * What the samples' trainings have in common: their options, and a {@link
 * org.lanewise.samples.training.TrainingRun} with its output folder, checkpoint, resume, progress,
 * metrics and report. A sample says what is trained, and what its report shows.
 *
 * <p>This package depends on the libraries, {@code cli} and {@code samples.report}; the packages of
 * the samples depend on it.
 */
package org.lanewise.samples.training;
