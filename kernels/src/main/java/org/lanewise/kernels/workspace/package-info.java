/**
 * Memory for what a kernel cannot keep in registers. It belongs to a call, not to a thread: a
 * program may have thousands of threads, but only as many calls are under way as processors run
 * them.
 */
package org.lanewise.kernels.workspace;
