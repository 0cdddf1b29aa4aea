/** Lanewise's op vocabulary on OpenCL devices, through the Foreign Function and Memory API. */
module org.lanewise.ffi {
  requires transitive org.lanewise.kernels;

  exports org.lanewise.ffi.opencl;
  exports org.lanewise.ffi.opencl.backend;
  exports org.lanewise.ffi.opencl.bindings;

  provides org.lanewise.kernels.backend.BackendProvider with
      org.lanewise.ffi.opencl.backend.OpenClBackendProvider;
}
