#include "plugins/punctuation/product.h"

#include <random>

#include <gtest/gtest.h>

namespace cxscribe::punctuation {
namespace {

QuantisedMatrix RandomMatrix(std::uint32_t rows, std::uint32_t columns, unsigned seed) {
  std::mt19937 random(seed);
  std::uniform_int_distribution<int> value(-127, 127);
  QuantisedMatrix matrix{rows, columns, {}, std::vector<float>(rows, 1.0F)};
  for (std::uint32_t i = 0; i < rows * columns; ++i) {
    matrix.values.push_back(static_cast<std::int8_t>(value(random)));
  }
  return matrix;
}

struct Sizes {
  std::uint32_t rows;
  std::uint32_t columns;
  std::size_t count;
};

class Product : public ::testing::TestWithParam<Sizes> {};

TEST_P(Product, IsTheSameHoweverItIsDone) {
  const auto [rows, columns, count] = GetParam();
  const QuantisedMatrix matrix = RandomMatrix(rows, columns, 7);
  std::mt19937 random(11);
  std::uniform_int_distribution<int> value(-32767, 32767);
  std::vector<std::int16_t> in(count * columns);
  for (std::int16_t& number : in) number = static_cast<std::int16_t>(value(random));

  std::vector<std::int32_t> expected(count * rows);
  for (std::size_t t = 0; t < count; ++t) {
    for (std::size_t r = 0; r < rows; ++r) {
      for (std::size_t c = 0; c < columns; ++c) {
        expected[t * rows + r] += in[t * columns + c] * matrix.values[r * columns + c];
      }
    }
  }
  const PackedMatrix packed(matrix);
  std::vector<std::int32_t> sums(expected.size());
  packed.Multiply(in.data(), count, sums.data());
  EXPECT_EQ(sums, expected);
  sums.assign(expected.size(), -1);
  packed.MultiplyPortably(in.data(), count, sums.data());
  EXPECT_EQ(sums, expected);
}

INSTANTIATE_TEST_SUITE_P(Sizes, Product,
                         ::testing::Values(Sizes{16, 2, 1}, Sizes{16, 16, 3}, Sizes{32, 96, 4},
                                           Sizes{256, 128, 5}, Sizes{128, 96, 9}),
                         [](const auto& param) {
                           return std::to_string(param.param.rows) + "x" +
                                  std::to_string(param.param.columns) + "x" +
                                  std::to_string(param.param.count);
                         });

// The largest that the file format lets in.
TEST(ProductBounds, TheLargestSumFits) {
  constexpr std::uint32_t kColumns = 512;
  QuantisedMatrix matrix{16, kColumns, std::vector<std::int8_t>(16 * kColumns, -128),
                         std::vector<float>(16, 1.0F)};
  const std::vector<std::int16_t> in(kColumns, 32767);
  std::vector<std::int32_t> sums(16);
  PackedMatrix(matrix).Multiply(in.data(), 1, sums.data());
  EXPECT_EQ(sums[0], -128 * 32767 * static_cast<std::int64_t>(kColumns));
}

}  // namespace
}  // namespace cxscribe::punctuation
