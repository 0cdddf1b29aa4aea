/**
 * The op vocabulary on OpenCL devices. A family of ops has a file of kernels, in OpenCL C beside
 * the classes, and a class that binds its ops to launches of them.
 */
package org.lanewise.ffi.opencl.backend;
