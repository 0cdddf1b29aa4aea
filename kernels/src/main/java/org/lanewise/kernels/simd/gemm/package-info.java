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
 *       read 96 times or more, and any transposed B: packed, and with that in blocks of the caches;
 *   <li>else: read as it is stored.
 * </ul>
 *
 * <p>Found to matter for the micro-kernels, beside what {@link org.lanewise.kernels.simd} says:
 *
 * <ul>
 *   <li>The loop over the depth is no counted loop ({@code bp != end}). In one, the compiler moves
 *       the checks of 10 accesses before it, which takes a tenth of the time of a depth of 64.
 *   <li>Few values live in general registers: a row's address is the one before plus the stride.
 *       Beyond them the compiler uses vector registers to spill to, and moving there and back in
 *       the loop costs up to a tenth.
 *   <li>4 × 4 vectors beat 8 × 2, though they load as much again for a multiply-add: fewer rows,
 *       fewer checked scalar accesses. 12 × 2 makes C1 give up, and is then never compiled well.
 *   <li>Scalars are read with an unaligned layout, which has no alignment to check.
 * </ul>
 */
package org.lanewise.kernels.simd.gemm;
