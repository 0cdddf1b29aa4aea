/**
 * OpenCL devices: square products beside the CPU backend and CLBlast, functions beside a copy, and
 * launches.
 */
package org.lanewise.bench.opencl;
