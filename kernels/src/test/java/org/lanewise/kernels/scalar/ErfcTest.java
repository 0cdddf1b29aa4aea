package org.lanewise.kernels.scalar;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The error functions in f64 against values computed with 30 digits. */
class ErfcTest {
  @ParameterizedTest
  @CsvSource({
    "1e-10, 0.99999999988716208329",
    "0.1, 0.8875370839817151016",
    "0.5, 0.47950012218695346232",
    "1, 0.15729920705028513066",
    "2.5, 0.00040695201744495893956",
    "5, 1.5374597944280348502e-12",
    "9, 4.1370317465138102381e-37",
    "10.25, 1.2900138905042904038e-47",
    "20, 5.3958656116079009289e-176",
    "26, 5.6631924088561428465e-296",
    "-0.5, 1.5204998778130465377",
    "-2, 1.9953222650189527342",
    "-6, 1.9999999999999999785"
  })
  void agreesWithKnownValues(double x, double erfc) {
    assertThat(Erfc.erfc(x) / erfc).isCloseTo(1, within(1e-14));
  }

  @ParameterizedTest
  @CsvSource({
    "1e-30, 1.1283791670955126679e-30",
    "1e-5, 0.000011283791670579000273",
    "0.1, 0.1124629160182848984",
    "0.3, 0.32862675945912741619",
    "0.499, 0.51962065598946845987",
    "0.5, 0.52049987781304653768",
    "0.84, 0.76514271145499451734",
    "1, 0.84270079294971486934",
    "2, 0.99532226501895273416",
    "3.9, 0.99999996520775140277",
    "5.5, 0.99999999999999264215"
  })
  void theReferenceOfErfAgreesWithKnownValues(double x, double erf) {
    assertThat(References.erf(x) / erf).isCloseTo(1, within(1e-15));
    assertThat(References.erf(-x)).isEqualTo(-References.erf(x));
  }

  @Test
  void hasItsLimits() {
    assertThat(Erfc.erfc(Double.POSITIVE_INFINITY)).isZero();
    assertThat(Erfc.erfc(Double.NEGATIVE_INFINITY)).isEqualTo(2);
    assertThat(Erfc.erfc(0)).isCloseTo(1, within(1e-15));
    assertThat(Erfc.erfc(Double.NaN)).isNaN();
  }
}
