/**
 * Graphs: what a traced function computes, as data.
 *
 * <p>A {@link org.lanewise.nn.graph.Graph} is immutable: its inputs, parameters, states and
 * constants, the {@link org.lanewise.nn.graph.Node}s in the order in which they run, the values
 * that it puts out by name, and those that replace a state after the run. Whatever changes a graph
 * makes another one of it ({@code org.lanewise.nn.gradient}, {@code org.lanewise.nn.pass}), by
 * means of a {@link org.lanewise.nn.graph.GraphBuilder}. Nothing here knows memory or devices:
 * {@code org.lanewise.nn.plan} binds a graph to those.
 *
 * <p>This package depends on the op vocabulary of {@code org.lanewise.kernels} alone.
 */
package org.lanewise.nn.graph;
