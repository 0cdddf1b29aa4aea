package org.lanewise.nn.train;

import java.util.ArrayList;
import java.util.List;

/** Reads tables as RFC 4180 defines them. */
final class Rfc4180 {
  private Rfc4180() {}

  /** The fields of each record; every record ends with CRLF. */
  static List<List<String>> read(String text) {
    List<List<String>> records = new ArrayList<>();
    List<String> fields = new ArrayList<>();
    int at = 0;
    while (at < text.length()) {
      StringBuilder field = new StringBuilder();
      if (text.charAt(at) == '"') {
        for (at++; text.charAt(at) != '"' || text.startsWith("\"\"", at); at++) {
          if (text.charAt(at) == '"') {
            at++;
          }
          field.append(text.charAt(at));
        }
        at++;
      } else {
        while (",\r".indexOf(text.charAt(at)) < 0) {
          field.append(text.charAt(at++));
        }
        if (field.indexOf("\"") >= 0 || field.indexOf("\n") >= 0) {
          throw new IllegalArgumentException("not quoted: " + field);
        }
      }
      fields.add(field.toString());
      if (text.startsWith("\r\n", at)) {
        records.add(fields);
        fields = new ArrayList<>();
        at += 2;
      } else if (text.charAt(at++) != ',') {
        throw new IllegalArgumentException("neither a comma nor an end of line at " + at);
      }
    }
    return records;
  }
}
