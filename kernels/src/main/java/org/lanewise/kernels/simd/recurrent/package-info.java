/**
 * LSTM and GRU: at each time a product of the states of all rows and a weight that is packed once,
 * and then the gates of one row after the other. Rows are independent, so threads share them out
 * and never wait for each other. Nothing is checked.
 */
package org.lanewise.kernels.simd.recurrent;
