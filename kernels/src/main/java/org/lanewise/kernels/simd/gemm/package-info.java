/**
 * Matrix products.
 *
 * <p>{@code f32} is written by hand: products of floats in native segments. The build derives
 * {@code f64}, {@code f32heap} and {@code f64heap} from it, of doubles and in arrays, since a
 * compiled method is fast with one kind of memory only ({@code src/main/derive/Derive.java}). What
 * they do not have in common is the {@code Memory} of each.
 *
 * <p>In a package, {@code Product} describes what is to be done and shares it out over threads;
 * {@code Loops} runs tiles of C through {@code MicroKernels}, in an order that suits the caches,
 * reading operands as they are or, where {@link BlockSizes} says that it pays, from copies that
 * {@code Packing} makes; {@code TileMerge} and {@code TileEpilogue} bring a tile into C. {@code
 * RowLoops} and {@code NarrowLoops} are for few rows and few columns.
 *
 * <p>How a product is computed depends on its shape:
 *
 * <ul>
 *   <li>fewer rows than a tile and B larger than the second-level cache: B passes by once, in long
 *       stretches;
 *   <li>fewer columns than two vectors, where C is tall and deep: as the transpose of C;
 *   <li>an operand of more than 1 MiB (with vectors of less than 512 bits, of any size) that is
 *       read 96 times or more, any transposed B, and A transposed unless C has a few whole tiles of
 *       columns: packed, and with that in blocks of the caches;
 *   <li>else: read as it is stored.
 * </ul>
 *
 * <p>Found to matter for the micro-kernels, beside what {@link org.lanewise.kernels.simd} says:
 *
 * <ul>
 *   <li>The loop over the depth is a counted one, and what it reads of A is at a constant distance
 *       from step to step: the compiler moves the checks of A before the loop. Those of B stay, at
 *       a distance that is not constant. On processors with two units for multiply-adds, where
 *       instructions beside them are what limits, this is a quarter faster than a loop that checks
 *       both at a depth of 256, and no slower at one of 16. With the checks of B moved out, too, it
 *       was hardly faster than that loop.
 *   <li>So the elements of rows of A lie side by side; a transposed A is copied, but for few
 *       columns of C, where reading columns of A and checking all costs less than a copy.
 *   <li>4 × 4 vectors beat 8 × 2, though they load as much again for a multiply-add: fewer rows,
 *       fewer scalar accesses. 6 × 4 is 5 % faster beyond 500 in each dimension, but takes the
 *       compiler longer than a second. 12 × 2 makes C1 give up, and is then never compiled well.
 *   <li>Scalars are read with an unaligned layout, which has no alignment to check.
 * </ul>
 */
package org.lanewise.kernels.simd.gemm;
