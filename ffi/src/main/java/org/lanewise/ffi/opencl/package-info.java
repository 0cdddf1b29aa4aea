/**
 * A safe wrapper of OpenCL: devices, memory, programs and kernels that are released once, never
 * used afterwards, and never given memory that is too short. Every status is checked, and every
 * wait ends.
 *
 * <p>A {@link org.lanewise.ffi.opencl.Context} owns what is made with it. It and all of that is
 * used by one thread at a time.
 */
package org.lanewise.ffi.opencl;
