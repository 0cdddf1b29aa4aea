package org.lanewise.nn.text;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.ArrayList;
import java.util.Base64;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/** Makes sentencepiece's tables of replacements, as {@link PrecompiledNormalizer} reads them. */
final class CharsMap {
  private final int[] units = new int[1 << 18];
  private final BitSet used = new BitSet();
  private final Set<Integer> bases = new HashSet<>();

  private CharsMap() {}

  /** A table in base 64. */
  static String of(Map<String, String> replacements) {
    ByteArrayOutputStream strings = new ByteArrayOutputStream();
    TreeMap<String, Integer> indices = new TreeMap<>(); // by bytes
    replacements.forEach((from, to) -> {
      indices.put(new String(from.getBytes(UTF_8), ISO_8859_1), strings.size());
      strings.writeBytes(to.getBytes(UTF_8));
      strings.write(0);
    });
    CharsMap map = new CharsMap();
    map.used.set(0);
    map.place(0, 0, new ArrayList<>(indices.keySet()), indices);
    int size = Math.ceilDiv(map.used.length(), 256) * 256;
    ByteBuffer bytes =
        ByteBuffer.allocate(Integer.BYTES * (size + 1) + strings.size())
            .order(ByteOrder.LITTLE_ENDIAN);
    bytes.putInt(Integer.BYTES * size);
    for (int i = 0; i < size; i++) {
      bytes.putInt(map.units[i]);
    }
    bytes.put(strings.toByteArray());
    return Base64.getEncoder().encodeToString(bytes.array());
  }

  /** Finds places for the keys that share their first bytes. */
  private void place(int node, int depth, List<String> keys, Map<String, Integer> indices) {
    boolean leaf = keys.getFirst().length() == depth;
    TreeMap<Integer, List<String>> children = new TreeMap<>();
    for (String key : leaf ? keys.subList(1, keys.size()) : keys) {
      children.computeIfAbsent((int) key.charAt(depth), _ -> new ArrayList<>()).add(key);
    }
    int base = 1;
    while (!isFree(base, leaf, children.keySet())) {
      base++;
    }
    bases.add(base);
    if (leaf) {
      used.set(base);
      units[base] = 1 << 31 | indices.get(keys.getFirst());
    }
    units[node] |= (node ^ base) << 10 | (leaf ? 1 << 8 : 0);
    for (int label : children.keySet()) {
      used.set(base ^ label);
      units[base ^ label] = label;
    }
    for (var child : children.entrySet()) {
      place(base ^ child.getKey(), depth + 1, child.getValue(), indices);
    }
  }

  private boolean isFree(int base, boolean leaf, Set<Integer> labels) {
    return !bases.contains(base)
        && !(leaf && used.get(base))
        && labels.stream().noneMatch(label -> used.get(base ^ label));
  }
}
