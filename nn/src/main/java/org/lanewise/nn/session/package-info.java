/**
 * Running functions of tensors on a device. A {@link org.lanewise.nn.session.Session} belongs to
 * one device and one thread at a time; it traces a function when it first meets it with inputs of
 * some types, and keeps the plan. All its plans share one workspace, so that many lengths of a text
 * take the memory of the longest.
 */
package org.lanewise.nn.session;
