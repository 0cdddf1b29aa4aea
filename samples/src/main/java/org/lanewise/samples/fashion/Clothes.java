package org.lanewise.samples.fashion;

import java.util.List;
import org.lanewise.samples.idx.LabelledPictures;

/** The database Fashion-MNIST: pictures in the form of MNIST's, of clothes, shoes and bags. */
final class Clothes {
  /** The kinds by label, as the database's paper calls them. */
  static final List<String> KINDS =
      List.of(
          "T-shirt/top",
          "trouser",
          "pullover",
          "dress",
          "coat",
          "sandal",
          "shirt",
          "sneaker",
          "bag",
          "ankle boot");

  /** Where the Debian package has the files. */
  static final String FOLDER = "/usr/share/datasets/fashion-mnist";

  static final LabelledPictures.Source FASHION_MNIST =
      new LabelledPictures.Source(
          "Fashion-MNIST",
          KINDS.size(),
          "the Debian package dataset-fashion-mnist has them, in " + FOLDER);

  private Clothes() {}
}
