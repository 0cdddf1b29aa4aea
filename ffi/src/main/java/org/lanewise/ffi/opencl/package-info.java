/**
 * A safe wrapper of OpenCL: devices, memory, programs and kernels that are released once, never
 * used afterwards, and never given memory that is too short. Every status is checked, and every
 * wait ends.
 *
 * <p>A {@link org.lanewise.ffi.opencl.Context} owns what is made with it. It and all of that is
 * used by one thread at a time.
 *
 * <p>Drivers that contain LLVM, as PoCL does, replace the process's signal handlers by some that
 * end it; but a segmentation fault in compiled code is how the JVM finds a null reference, and how
 * it stops a loop to collect garbage. While the driver is at work, a thread puts the handlers back
 * every few microseconds. A fault in another thread just then is still fatal: a program that must
 * not bear that is to be started with the JDK's {@code lib/libjsig.so} in {@code LD_PRELOAD}, which
 * leaves no gap.
 */
package org.lanewise.ffi.opencl;
