// The function at the end of an epilogue. Option: FUNCTION, if it is another one than ReLU, which is
// chosen at run time.
#ifdef FUNCTION
#include "math.cl"
#else
#define FUNCTION(x) (x)
#endif

inline floats apply_function(floats x, int relu) {
  return relu ? select(x, ALL(0.0f), x < 0.0f) : FUNCTION(x);
}
