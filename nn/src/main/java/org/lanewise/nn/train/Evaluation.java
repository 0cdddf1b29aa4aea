package org.lanewise.nn.train;

/**
 * How well a model does on a data set.
 *
 * @param loss mean loss
 * @param accuracy share of samples whose largest output is their label's, which none is if one of
 *     them is NaN; or NaN if targets are not labels
 */
public record Evaluation(double loss, double accuracy) {}
