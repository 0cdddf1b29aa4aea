// y[i] = weight[indices[i]]. The ids are vectors of a row, and a row.
__kernel void gather(
    TENSOR(weight),
    INTEGERS(indices),
    TENSOR(y),
    ulong rows,
    ulong columns,
    int vocabulary,
    FAULT) {
  OPEN(weight);
  OPEN_INTEGERS(indices);
  OPEN(y);
  ulong row = get_global_id(1);
  if (row >= rows) {
    return;
  }
  ulong index = checked(indices[row], vocabulary, row, fault, step);
  if (vocabulary > 0) { // there is a row that stands for a faulty one
    FOR_VECTORS(j, n, columns) {
      store(load(weight, index * columns + j, n), y, row * columns + j, n);
    }
  }
}

// dweight[indices[i]] += dy[i] in the order of i. The ids are vectors of a row, and a part: it adds
// to every row of dweight whose index leaves it as a remainder, so no other item adds there.
__kernel void scatter_add(
    TENSOR(dy),
    INTEGERS(indices),
    TENSOR(dweight),
    ulong rows,
    ulong columns,
    int vocabulary,
    int parts,
    FAULT) {
  OPEN(dy);
  OPEN_INTEGERS(indices);
  OPEN(dweight);
  int part = get_global_id(1);
  if (part >= parts) {
    return;
  }
  for (ulong i = 0; i < rows; i++) {
    int index = checked(indices[i], vocabulary, i, fault, step);
    if (index % parts == part && index < vocabulary) {
      FOR_VECTORS(j, n, columns) {
        ulong at = index * columns + j;
        store(load(dweight, at, n) + load(dy, i * columns + j, n), dweight, at, n);
      }
    }
  }
}
