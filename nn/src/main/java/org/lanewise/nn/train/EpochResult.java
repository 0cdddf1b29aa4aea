package org.lanewise.nn.train;

/**
 * What an epoch brought.
 *
 * @param epoch number of the epoch, from 1
 * @param trainLoss mean loss over the epoch's batches, each before its step
 * @param validation loss and accuracy on the validation set after the epoch, or null without one
 * @param samplesPerSecond training speed, validation not counted
 * @param seconds training time, validation not counted
 */
public record EpochResult(
    int epoch, double trainLoss, Evaluation validation, double samplesPerSecond, double seconds) {}
