/** Models traced once and trained on any backend. */
module org.lanewise.nn {
  requires transitive org.lanewise.kernels;
  requires me.tongfei.progressbar;
  requires tools.jackson.core;

  exports org.lanewise.nn;
  exports org.lanewise.nn.data;
  exports org.lanewise.nn.io;
  exports org.lanewise.nn.plan;
  exports org.lanewise.nn.train;
}
