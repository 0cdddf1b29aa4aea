/** Functions of tensors traced once, and models trained, on any backend. */
module org.lanewise.nn {
  requires transitive org.lanewise.kernels;
  requires tools.jackson.core;

  exports org.lanewise.nn;
  exports org.lanewise.nn.data;
  exports org.lanewise.nn.gradient;
  exports org.lanewise.nn.graph;
  exports org.lanewise.nn.io;
  exports org.lanewise.nn.layers;
  exports org.lanewise.nn.metrics;
  exports org.lanewise.nn.models;
  exports org.lanewise.nn.onnx;
  exports org.lanewise.nn.pass;
  exports org.lanewise.nn.plan;
  exports org.lanewise.nn.session;
  exports org.lanewise.nn.tensorboard;
  exports org.lanewise.nn.text;
  exports org.lanewise.nn.train;
  exports org.lanewise.nn.weights;
}
