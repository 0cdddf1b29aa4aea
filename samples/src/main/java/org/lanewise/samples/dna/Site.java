package org.lanewise.samples.dna;

/** What is in the middle of a window of bases. */
enum Site {
  /** From exon to intron, a donor site. */
  EI("exon to intron"),

  /** From intron to exon, an acceptor site. */
  IE("intron to exon"),

  /** Neither. */
  N("neither");

  private final String description;

  Site(String description) {
    this.description = description;
  }

  String description() {
    return description;
  }

  /** The site of a name as the data has it, or null. */
  static Site of(String name) {
    return switch (name) {
      case "ei" -> EI;
      case "ie" -> IE;
      case "n" -> N;
      default -> null;
    };
  }
}
