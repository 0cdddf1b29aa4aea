/**
 * Work on several threads: a range is cut into parts, which threads claim one after the other. No
 * sum goes across a part's border, so that results depend neither on how many threads there are nor
 * on how fast each is. Each has scratch memory of {@link org.lanewise.kernels.workspace} meanwhile.
 * The public kernels and the backends depend on this, and those kernels that share out themselves.
 */
package org.lanewise.kernels.parallel;
