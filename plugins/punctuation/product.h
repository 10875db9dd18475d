// The product of whole-number matrices that the network spends its time in.
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

#include "plugins/punctuation/model.h"

namespace cxscribe::punctuation {

// A matrix made ready for products with many rows. Immutable, so it may be shared by threads.
class PackedMatrix {
 public:
  // rows a multiple of 16, columns a multiple of 2.
  explicit PackedMatrix(const QuantisedMatrix& matrix);

  std::size_t rows() const { return rows_; }
  std::size_t columns() const { return columns_; }

  // sums[t * rows + r] = the sum over c of in[t * columns + c] * matrix[r][c], for t in [0, count).
  // Exact: a product of 8 and 16 bits, at most 512 of them, cannot overflow 32 bits. The fastest
  // way that this processor has; all give the same.
  void Multiply(const std::int16_t* in, std::size_t count, std::int32_t* sums) const;
  // The same by plain code, for tests and for other processors.
  void MultiplyPortably(const std::int16_t* in, std::size_t count, std::int32_t* sums) const;

 private:
  std::size_t rows_;
  std::size_t columns_;
  // Blocks of 8 rows; in a block, for each pair of columns, the pair of each of its rows.
  std::vector<std::int16_t> blocks_;
};

}  // namespace cxscribe::punctuation
