package org.lanewise.nn.text;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.lanewise.nn.io.MalformedFileException;

/** What a file says that is not understood or does not fit, the exception names. */
class TokenizersTest {
  private static final String WORDS =
      "'model':{'type':'WordPiece','unk_token':'u','vocab':{'u':0,'a':1}}";

  @TempDir private Path folder;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      quoteCharacter = '`',
      value = {
        "; is empty or cut off",
        "[]; is an array where an object was expected",
        "{}; model is missing where an object was expected",
        "{'model':{'type':'WordLevel'}}; model.type is 'WordLevel', which is not supported",
        "{'model':{'vocab':{}}}; model.type is missing where a string was expected",
        "{'normalizer':{'type':'Nmt'},WORDS}; normalizer.type is 'Nmt', which is not supported",
        "{'normalizer':{'type':'Sequence','normalizers':[{'type':'Odd'}]},WORDS}; normalizer.normalizers[0].type is 'Odd'",
        "{'normalizer':{'type':'Replace','pattern':{'Regex':'a+'},'content':''},WORDS}; regular expression 'a+'",
        "{'normalizer':{'type':'Precompiled','precompiled_charsmap':'AAAA'},WORDS}; precompiled_charsmap is malformed",
        "{'normalizer':{'type':'Precompiled','precompiled_charsmap':'?'},WORDS}; precompiled_charsmap is malformed",
        "{'pre_tokenizer':{'type':'Split'},WORDS}; pre_tokenizer.type is 'Split', which is not supported",
        "{'pre_tokenizer':{'type':'Metaspace','replacement':'ab'},WORDS}; pre_tokenizer.replacement is 'ab'",
        "{'pre_tokenizer':{'type':'Metaspace','prepend_scheme':'odd'},WORDS}; prepend_scheme is 'odd'",
        "{'post_processor':{'type':'Odd'},WORDS}; post_processor.type is 'Odd', which is not supported",
        "{'post_processor':{'type':'BertProcessing','sep':['a',2],'cls':['a',1]},WORDS}; is 2 for 'a'",
        "{'post_processor':{'type':'TemplateProcessing','single':[],'pair':[]},WORDS}; template has not each text once",
        "{'decoder':{'type':'CTC'},WORDS}; decoder.type is 'CTC', which is not supported",
        "{'model':{'type':'WordPiece','unk_token':'x','vocab':{'u':0}}}; unknown token 'x' is not in the vocabulary",
        "{'model':{'type':'WordPiece','vocab':{'a':1,'b':1}}}; both have id 1",
        "{'model':{'type':'WordPiece','vocab':{'a':-1}}}; model.vocab.a is -1 where an integer from 0",
        "{'model':{'type':'WordPiece','vocab':{'a':99999999999999999999}}}; model.vocab.a is 1.0E20",
        "{'model':{'type':'WordPiece','vocab':{'a':4194304}}}; from 0 to 4194303",
        "{'model':{'type':'WordPiece','vocab':{'a':1.5}}}; model.vocab.a is 1.5",
        "{'model':{'type':'WordPiece','vocab':{'\\ud800':1}}}; surrogate",
        "{'model':{'type':'WordPiece','vocab':{'a':0,'a':1}}}; Duplicate",
        "{'added_tokens':[{'id':0,'content':'a'}],WORDS}; 'a' has id 0 among the added ones and 1",
        "{'added_tokens':[{'id':0,'content':'b'}],WORDS}; both have id 0",
        "{'added_tokens':[{'id':2,'content':''}],WORDS}; added token 2 is empty",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':[['a','b']],'unk_token':'a'}}; merges of characters",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':[]}}; model.unk_token is missing",
        "{'model':{'type':'BPE','dropout':0.1,'vocab':{'a':0},'merges':[]}}; model.dropout is 0.1, which is not supported",
        "{'pre_tokenizer':{'type':'ByteLevel'},'model':{'type':'BPE','vocab':{'a':0},'merges':[]}}; byte 0 as 'Ā' is not in the vocabulary",
        "{'pre_tokenizer':{'type':'ByteLevel'},'model':{'type':'BPE','vocab':{'a':0},'merges':['a b c']}}; model.merges[0] is 'a b c'",
        "{'pre_tokenizer':{'type':'ByteLevel'},'model':{'type':'BPE','vocab':{'a':0},'merges':[['a','b']]}}; token 'b' of merge 0",
        "{'model':{'type':'Unigram','vocab':[['a',0]]}}; model.unk_id is missing",
        "{'model':{'type':'Unigram','unk_id':1,'vocab':[['a',0]]}}; id 1, which is not in the vocabulary",
        "{'model':{'type':'Unigram','unk_id':0,'vocab':[['a',0],['a',1]]}}; the token 'a' of id 0",
        "{'model':{'type':'Unigram','unk_id':0,'vocab':[['a',1e999]]}}; score Infinity",
        "{'model':{'type':'Unigram','unk_id':0,'vocab':[['a']]}}; model.vocab[0] is not a token and a score",
        "{'model':{'type':'Unigram','unk_id':0,'vocab':[]}}; not in the vocabulary",
        "{'x':1} 2; behind",
        "{'x':; not valid JSON",
      })
  void namesWhatDoesNotFit(String json, String fault) throws IOException {
    String content = json == null ? "" : json.replace("WORDS", WORDS).replace('\'', '"');
    Path file = Files.writeString(folder.resolve("tokenizer.json"), content);
    assertThatThrownBy(() -> Tokenizers.read(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageStartingWith(file + ": ")
        .hasMessageContaining(fault);
  }

  @Test
  void readsPlainFiles() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), ("{" + WORDS + "}").replace('\'', '"'));
    Tokenizer tokenizer = Tokenizers.read(folder);
    assertThat(tokenizer.encode("a").ids()).containsExactly(1);
    assertThat(tokenizer.encode("").ids()).isEmpty();
    assertThat(tokenizer.decode(1, 0)).isEqualTo("a u");
  }

  @Test
  void refusesDeepFiles() throws IOException {
    Files.writeString(folder.resolve("tokenizer.json"), "[".repeat(1_000_000));
    assertThatThrownBy(() -> Tokenizers.read(folder))
        .isInstanceOf(MalformedFileException.class)
        .hasMessageContaining("nesting depth");
  }

  @Test
  void saysWhatAFolderLacks() {
    assertThatThrownBy(() -> Tokenizers.read(folder))
        .isInstanceOf(NoSuchFileException.class)
        .hasMessageContaining("no tokenizer.json, vocab.json or vocab.txt");
    assertThatThrownBy(() -> Tokenizers.read(folder.resolve("tokenizer.json")))
        .isInstanceOf(NoSuchFileException.class);
  }

  @Test
  void refusesOlderFilesThatDoNotFit() throws IOException {
    Path vocabulary = folder.resolve("vocab.txt");
    Files.write(vocabulary, List.of("[UNK]", "[CLS]"));
    assertThatThrownBy(() -> Tokenizers.read(folder))
        .hasMessage(vocabulary + ": the special token '[SEP]' is not in the vocabulary");
    Files.write(vocabulary, List.of("[UNK]", "[CLS]", "a", "a"));
    assertThatThrownBy(() -> Tokenizers.read(folder))
        .hasMessage(vocabulary + ": lines 3 and 4 are both 'a'");
    Files.write(vocabulary, new byte[] {(byte) 0xff});
    assertThatThrownBy(() -> Tokenizers.read(folder)).hasMessage(vocabulary + ": is not UTF-8");
    Files.writeString(folder.resolve("vocab.json"), "{\"a\":0}");
    assertThatThrownBy(() -> Tokenizers.read(folder)).isInstanceOf(NoSuchFileException.class);
    Files.write(folder.resolve("merges.txt"), List.of("#version: 0.2", "a"));
    assertThatThrownBy(() -> Tokenizers.read(folder))
        .hasMessageContaining("merges.txt: line 2 is 'a' where two tokens were expected");
  }

  @Test
  void tokenizesCharacters() throws IOException {
    Tokenizer tokenizer = Tokenizers.characters("hello 👍\ud800");
    Path json = folder.resolve("tokenizer.json");
    Tokenizers.write(tokenizer, json);
    assertThat(tokenizer.vocabularySize()).isEqualTo(8);
    assertThat(tokenizer.tokenize("oh👍 x").ids()).containsExactly(5, 3, 7, 1, 0);
    assertThat(tokenizer.decode(5, 3, 7)).isEqualTo("oh👍");
    assertThat(Tokenizers.characters("").tokenize("ab").ids()).containsExactly(0, 0);
    try (Oracle oracle = new Oracle(json)) {
      oracle.check(tokenizer, "hell 👍👎 xyz oh");
      oracle.check(Tokenizers.read(json), "👎 é ohxyz");
    }
  }
}
