/**
 * Kernels on the caller's own memory, each a static method that checks its arguments once.
 *
 * <p><b>Memory.</b> A tensor is a native {@link java.lang.foreign.MemorySegment}, dense and
 * row-major, of f32 elements (i32 for labels, indices, lengths) in native byte order, aligned to 4
 * bytes; aligned to 64 it is fastest. It begins at the segment's first byte and may be shorter than
 * the segment. Sizes are counts of elements. An output may be the same memory as an input where a
 * method says so, and otherwise overlaps with no other tensor.
 *
 * <p>{@link org.lanewise.kernels.Gemm} also takes f64 elements, aligned to 8 bytes, and arrays, and
 * {@link org.lanewise.kernels.Conversions} takes elements of all types, aligned to their size.
 *
 * <p><b>Threads.</b> Large tensors are shared out over the threads of a {@link
 * org.lanewise.kernels.parallel.WorkerPool}, by default the shared one. If a segment belongs to a
 * confined arena, or there is little to do, the calling thread does it all. A process that mixes
 * confined arenas with shared or automatic ones makes the JIT compile kernels several times over;
 * prefer the latter.
 *
 * <p><b>Results</b> have the same bits for any number of threads and any vector width, compiled or
 * interpreted. The system property {@code lanewise.vector.bits} limits that width to 128, 256 or
 * 512 bits; whatever runs vector code throws {@link java.lang.IllegalStateException} if it says
 * something else. NaN in an input gives NaN in what depends on it; its bits are not defined.
 *
 * <p><b>Errors.</b> All methods throw {@link java.lang.NullPointerException} for a null argument,
 * {@link java.lang.IllegalArgumentException} for a negative size and for a segment that is not
 * native, misaligned, too small, overlapping or, as an output, read-only, {@link
 * java.lang.IllegalStateException} for a segment whose arena is closed, and {@link
 * java.lang.WrongThreadException} for one that is confined to another thread. Apart from the last
 * two and wrong labels, nothing has been written then.
 */
package org.lanewise.kernels;
