/**
 * Matrix products beside those of BLAS libraries: by turns, in one process and with results that
 * are checked against each other; and what they need of the machine, its peak and its quiet.
 */
package org.lanewise.bench.gemm;
