/**
 * The unchecked kernels. They allocate nothing, and their results have the same bits at any vector
 * width, for any split of their range, and as their twins in {@link org.lanewise.kernels.scalar}.
 *
 * <p>A vector is an object, and whether it stays in a register is up to the compiler. What was
 * found to keep it there:
 *
 * <ul>
 *   <li>A method with a vector as parameter or result is short, so that it is inlined. One of which
 *       the compiler has made more than 2,500 bytes of code on its own is not inlined any more.
 *   <li>A method grows to at most 18,000 nodes in the compiler's graph, after which only methods of
 *       the Vector API are inlined into it; an operation on vectors is about 400 nodes. So what
 *       needs more than some thirty operations runs in two loops, or has no helper methods.
 *   <li>A vector from memory, from a broadcast, from a reinterpretation or from an earlier
 *       iteration is cast by {@link org.lanewise.kernels.simd.Lanes#FLOATS} before an operation is
 *       called on it. Its class is otherwise not known when the call is compiled, which then goes
 *       by the classes that the Vector API itself has met so far, in any method of the process:
 *       after vectors of two widths it becomes a branch, and what comes out of a branch may be an
 *       object. The cast costs nothing. Arguments need none.
 *   <li>A vector is reinterpreted by {@code reinterpretShape}, with a species of {@link
 *       org.lanewise.kernels.simd.Lanes}. Since JDK 27, {@code reinterpretAsInts} and its like call
 *       a method on what they have made before anyone can cast it.
 *   <li>So is memory, by {@link org.lanewise.kernels.simd.Lanes#memory} before the loop. Its checks
 *       otherwise stay in the loop, for memory on the heap and outside it: some 45 instructions, as
 *       many as a loop with an exponential has.
 *   <li>Where the compiler has come to the end of a method's nodes, a helper method that loads or
 *       stores a vector is not inlined either; so there is none.
 *   <li>A loop over vectors is a method of its own. It is then compiled before its caller, and by
 *       then too large to be inlined there, where it would add to the caller's nodes.
 *   <li>No branch has to do with vectors, and no conditional operator chooses one. A call that is
 *       rare beside those of its method is not inlined, and then a vector that it is given is an
 *       object all along; so is one that a variable gets from two sides.
 *   <li>A loop is not reached with an empty range: the compiler moves the checks of a loop before
 *       it, where they fail for memory that the loop would not have touched, and the method is
 *       compiled again and again.
 *   <li>So it is if most segments that a process has used belong to confined arenas, and one of
 *       another kind comes along: the check for the owning thread is moved. Lanewise has none.
 *   <li>A loop whose condition is {@code !=} is not a counted one, which begins with checks and an
 *       iteration or two of its own. It is faster where a loop has few iterations, as for rows, and
 *       also where it waits for memory: up to twice as fast. Counted loops are faster on what is in
 *       the first-level cache.
 *   <li>Vectors of one width only meet in a method, and two longs are not rearranged.
 * </ul>
 */
package org.lanewise.kernels.simd;
