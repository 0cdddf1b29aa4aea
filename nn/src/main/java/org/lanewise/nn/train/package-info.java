/**
 * Training: a {@link org.lanewise.nn.train.Trainer} is a loop over a session. It makes steps on
 * batches, evaluates metrics, tells callbacks, and keeps all that a resumed training needs in
 * checkpoints. What an optimizer does is an op of {@code org.lanewise.kernels} on the block of all
 * weights; what the loss is comes from the caller, as a function of tensors.
 */
package org.lanewise.nn.train;
