/**
 * The command line {@code lanewise bench}, the JMH benchmarks and the report on their forks.
 * Nothing depends on it.
 */
package org.lanewise.bench;
