package org.lanewise.nn.models;

import org.lanewise.kernels.op.ShapeException;
import org.lanewise.nn.Tensor;

/** A model that turns the tokens of texts into a vector for each, which depends on all of them. */
public sealed interface TextEncoder permits Bert, DistilBert {
  /** Its sizes. */
  BertConfig config();

  /**
   * The last layer's vectors of texts that may be padded at their ends. A text's vectors have the
   * same bits however much padding follows it, and whatever texts are beside it.
   *
   * @param ids i32 [batch, length], of tokens
   * @param types i32 [batch, length], of tokens: 0 for those of the first text, 1 for those of the
   *     second one of a pair. Models without token types ignore it, and it may be null
   * @param mask i32 [batch, length], 1 for tokens and 0 for padding, which no token sees
   * @return f32 [batch, length, width]; what stands at padding means nothing
   * @throws ShapeException if the texts are longer than {@link BertConfig#maxLength}
   */
  Tensor forward(Tensor ids, Tensor types, Tensor mask);
}
