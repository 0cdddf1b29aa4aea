/**
 * The kernels of {@link org.lanewise.kernels} on arrays, with the same names, arguments and bits.
 *
 * <p>A tensor is an array of f32 elements, dense and row-major, or of ints for labels, indices and
 * lengths. It begins at the array's first element and may be shorter than the array. An output may
 * be the same array as an input where a method says so, and otherwise is an array of its own.
 *
 * <p>Arrays and native memory may be used in one process: each kind has kernels of its own, so that
 * neither makes the other slow. What {@link org.lanewise.kernels} says of threads, results and
 * errors holds here too.
 */
package org.lanewise.kernels.arrays;
