package org.lanewise.nn.text;

import java.util.Arrays;

/**
 * Texts by their characters: a walk from the root takes one look into a hash table per character.
 * Nodes are numbers; 0 is the root.
 */
final class CharTrie {
  static final int ROOT = 0;

  /** No node, and no value. */
  static final int NONE = -1;

  /** Edges from (node, character), in an open-addressed table of at most half its slots. */
  private long[] keys = new long[1 << 10];

  private int[] targets = new int[1 << 10];
  private int[] values = {NONE};
  private int nodes = 1;

  /** Of the root, a node for each character: most walks end there. */
  private final int[] first = new int[1 << 16];

  CharTrie() {
    Arrays.fill(first, NONE);
  }

  /**
   * Gives a text a value.
   *
   * @param value at least 0
   */
  void put(CharSequence text, int value) {
    int node = ROOT;
    for (int i = 0; i < text.length(); i++) {
      int next = child(node, text.charAt(i));
      node = next == NONE ? addChild(node, text.charAt(i)) : next;
    }
    values[node] = value;
  }

  /** The node of one more character, or {@link #NONE}. */
  int child(int node, char character) {
    if (node == ROOT) {
      return first[character];
    }
    long key = key(node, character);
    for (int slot = slot(key, keys.length); keys[slot] != 0; slot = slot + 1 & keys.length - 1) {
      if (keys[slot] == key) {
        return targets[slot];
      }
    }
    return NONE;
  }

  /** The value of the text that ends at a node, or {@link #NONE}. */
  int value(int node) {
    return values[node];
  }

  private int addChild(int node, char character) {
    if (nodes == values.length) {
      values = Arrays.copyOf(values, 2 * nodes);
    }
    values[nodes] = NONE;
    if (node == ROOT) {
      first[character] = nodes;
    } else {
      if (2 * nodes > keys.length) {
        grow();
      }
      insert(key(node, character), nodes);
    }
    return nodes++;
  }

  private void grow() {
    long[] oldKeys = keys;
    int[] oldTargets = targets;
    keys = new long[2 * oldKeys.length];
    targets = new int[keys.length];
    for (int i = 0; i < oldKeys.length; i++) {
      if (oldKeys[i] != 0) {
        insert(oldKeys[i], oldTargets[i]);
      }
    }
  }

  private void insert(long key, int target) {
    int slot = slot(key, keys.length);
    while (keys[slot] != 0) {
      slot = slot + 1 & keys.length - 1;
    }
    keys[slot] = key;
    targets[slot] = target;
  }

  /** Never 0, since the root's edges are not in the table. */
  private static long key(int node, char character) {
    return (long) node << Character.SIZE | character;
  }

  private static int slot(long key, int slots) {
    return Hashing.slot(key, slots);
  }
}
