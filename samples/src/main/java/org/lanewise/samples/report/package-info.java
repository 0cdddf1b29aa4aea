/**
 * Pages of HTML about trainings: reports, comparisons, and a page that follows a training while it
 * runs. Each carries all that it needs. It is readable in light and dark, on narrow screens, by
 * keyboard and by a screen reader: what a chart shows is also there as a table.
 *
 * <p>This package depends on {@code org.lanewise.nn}; the samples depend on it.
 */
package org.lanewise.samples.report;
