/**
 * Plans: graphs bound to a device.
 *
 * <p>{@link org.lanewise.nn.plan.Plan} gives every value of a graph its place in memory and every
 * op its operands; a run is then a loop over steps that allocates nothing. {@code Lifetimes} knows
 * when a value is needed, {@code Sharing} which values live in the same memory, {@code
 * MemoryLayout} where in the plan's block that is. Plans of one session share one {@link
 * org.lanewise.nn.plan.Workspace}, since one runs at a time.
 *
 * <p>Depends on {@code org.lanewise.nn.graph} and the backends of {@code org.lanewise.kernels}.
 */
package org.lanewise.nn.plan;
