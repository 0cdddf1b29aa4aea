/** Lanewise's op vocabulary on OpenCL devices, through the Foreign Function and Memory API. */
module org.lanewise.ffi {
  requires org.lanewise.kernels;
}
