/**
 * The place of the OpenCL backend: a wrapper of devices, contexts, queues, buffers and programs
 * that owns lifetimes and errors.
 */
package org.lanewise.ffi.opencl;
