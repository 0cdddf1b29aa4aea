/**
 * The op vocabulary: a sealed family of records for each kind of op, which say what operands they
 * take and give, what they cost, and what they do with memory, and the shapes and types that they
 * say it with. Ops compute nothing. They depend on nothing; backends, gradients and graphs depend
 * on them.
 */
package org.lanewise.kernels.op;
