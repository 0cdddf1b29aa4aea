/** Every other op beside a copy of as many bytes, which is the bound of most of them. */
package org.lanewise.bench.ops;
