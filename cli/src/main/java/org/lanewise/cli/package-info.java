/**
 * What the command lines of the samples and of the benchmarks have in common: how a command is run,
 * what the user sees of a failure, and that nothing foreign reaches the terminal raw.
 */
package org.lanewise.cli;
