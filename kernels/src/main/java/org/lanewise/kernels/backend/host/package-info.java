/**
 * Ops on the host's own memory and processors. A class for each family of ops reads their operands
 * and calls kernels over ranges, of whichever kind it is given; the backends {@code cpu} and {@code
 * scalar} differ in that and in their threads.
 */
package org.lanewise.kernels.backend.host;
