/**
 * Training: a {@link org.lanewise.nn.train.Trainer} is a loop over a session. It makes steps on
 * batches, evaluates metrics, tells callbacks, and keeps all that a resumed training needs in
 * checkpoints. What the loss is comes from the caller, as a function of tensors.
 *
 * <p>An {@link org.lanewise.nn.train.Optimizer} says which {@link org.lanewise.nn.train.Rule} each
 * parameter follows. Those with the same rule are a group, and lie together in the block of all
 * weights, as do their gradients and what the rule keeps of them: one op of {@code
 * org.lanewise.kernels} updates them all. A rule that is written in tensors' operations is traced
 * as a model is, once for each parameter. Rules, schedules, metrics and callbacks may be one's own.
 */
package org.lanewise.nn.train;
