#include "plugins/punctuation/product.h"

#include <algorithm>
#include <cstring>

#if defined(__x86_64__)
#include <immintrin.h>
#endif

namespace cxscribe::punctuation {
namespace {

constexpr std::size_t kBlockRows = 8;

#if defined(__x86_64__)

// The pair of columns c and c + 1 of a row of `in`, in every lane.
__attribute__((target("avx2"), always_inline)) inline __m256i Pair(const std::int16_t* in) {
  std::int32_t pair = 0;
  std::memcpy(&pair, in, sizeof(pair));
  return _mm256_set1_epi32(pair);
}

// Two blocks of 8 rows with `kCount` rows of `in`: as many sums as there are registers for.
template <int kCount>
__attribute__((target("avx2"))) void Tile(const std::int16_t* first, const std::int16_t* second,
                                          std::size_t columns, const std::int16_t* in,
                                          std::int32_t* sums, std::size_t rows) {
  __m256i low[kCount];
  __m256i high[kCount];
  for (int t = 0; t < kCount; ++t) low[t] = high[t] = _mm256_setzero_si256();
  for (std::size_t c = 0; c < columns; c += 2) {
    const __m256i a = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(first + c * kBlockRows));
    const __m256i b = _mm256_loadu_si256(reinterpret_cast<const __m256i*>(second + c * kBlockRows));
    for (int t = 0; t < kCount; ++t) {
      const __m256i pair = Pair(in + static_cast<std::size_t>(t) * columns + c);
      low[t] = _mm256_add_epi32(low[t], _mm256_madd_epi16(a, pair));
      high[t] = _mm256_add_epi32(high[t], _mm256_madd_epi16(b, pair));
    }
  }
  for (int t = 0; t < kCount; ++t) {
    std::int32_t* out = sums + static_cast<std::size_t>(t) * rows;
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out), low[t]);
    _mm256_storeu_si256(reinterpret_cast<__m256i*>(out + kBlockRows), high[t]);
  }
}

__attribute__((target("avx2"))) void MultiplyWithAvx2(const std::vector<std::int16_t>& blocks,
                                                      std::size_t rows, std::size_t columns,
                                                      const std::int16_t* in, std::size_t count,
                                                      std::int32_t* sums) {
  constexpr std::size_t kTile = 4;
  for (std::size_t r = 0; r < rows; r += 2 * kBlockRows) {
    const std::int16_t* first = &blocks[r * columns];
    const std::int16_t* second = first + kBlockRows * columns;
    std::size_t t = 0;
    for (; t + kTile <= count; t += kTile) {
      Tile<kTile>(first, second, columns, in + t * columns, sums + t * rows + r, rows);
    }
    for (; t < count; ++t) {
      Tile<1>(first, second, columns, in + t * columns, sums + t * rows + r, rows);
    }
  }
}

#endif

}  // namespace

PackedMatrix::PackedMatrix(const QuantisedMatrix& matrix)
    : rows_(matrix.rows), columns_(matrix.columns), blocks_(rows_ * columns_) {
  for (std::size_t r = 0; r < rows_; ++r) {
    std::int16_t* block = &blocks_[r / kBlockRows * kBlockRows * columns_];
    for (std::size_t c = 0; c < columns_; ++c) {
      // NOLINTNEXTLINE(bugprone-signed-char-misuse): a number, not a character
      const int value = matrix.values[r * columns_ + c];
      block[(c / 2 * kBlockRows + r % kBlockRows) * 2 + c % 2] = static_cast<std::int16_t>(value);
    }
  }
}

void PackedMatrix::Multiply(const std::int16_t* in, std::size_t count, std::int32_t* sums) const {
#if defined(__x86_64__)
  static const bool avx2 = __builtin_cpu_supports("avx2") != 0;
  if (avx2) {
    MultiplyWithAvx2(blocks_, rows_, columns_, in, count, sums);
    return;
  }
#endif
  MultiplyPortably(in, count, sums);
}

void PackedMatrix::MultiplyPortably(const std::int16_t* in, std::size_t count,
                                    std::int32_t* sums) const {
  for (std::size_t t = 0; t < count; ++t) {
    for (std::size_t r = 0; r < rows_; r += kBlockRows) {
      std::int32_t* out = sums + t * rows_ + r;
      std::fill_n(out, kBlockRows, 0);
      const std::int16_t* block = &blocks_[r * columns_];
      for (std::size_t c = 0; c < columns_; c += 2, block += 2 * kBlockRows) {
        const std::int32_t a = in[t * columns_ + c];
        const std::int32_t b = in[t * columns_ + c + 1];
        for (std::size_t k = 0; k < kBlockRows; ++k)
          out[k] += a * block[2 * k] + b * block[2 * k + 1];
      }
    }
  }
}

}  // namespace cxscribe::punctuation
