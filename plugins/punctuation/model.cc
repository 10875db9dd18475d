#include "plugins/punctuation/model.h"

#include <cmath>
#include <cstring>
#include <type_traits>
#include <utility>

// The file, little-endian:
//
//   "CXPUNCT1"
//   name                          text
//   words affixes pairs e d layers  u32 each
//   embedding scale               f32
//   word, affix, pair embeddings  i8 rows x e
//   project                       i8 d x e, f32 d
//   start, ends                   f32 d, 3 x d
//   layers times: kernel, offset, gain f32; mix i8 2d x d, f32 2d; bias f32 2d
//   head, head bias               f32 8 x d, 8
//   vocabulary, mixed forms       text, each word followed by a newline
//
// A text is its length in bytes, u32, and the bytes.

namespace cxscribe::punctuation {
namespace {

constexpr std::string_view kMagic = "CXPUNCT1";

// Bounds far above any model of use, so that sizes computed from them do not overflow.
constexpr std::uint32_t kMaxRows = 1U << 22;
constexpr std::uint32_t kMaxNumbers = 512;  // a sum of so many products still fits 32 bits
constexpr std::uint32_t kMaxLayers = 64;
constexpr std::uint32_t kLanes = 16;  // e and d are multiples of it

// Takes the parts of a file from its bytes. After the first that is not there, or is no finite
// number, ok() is false and the rest stays empty.
class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return left_.empty(); }

  void Count(std::uint32_t& count) {
    std::vector<std::uint32_t> one;
    Numbers(one, 1);
    count = one.empty() ? 0 : one[0];
  }
  void Number(float& number) {
    std::vector<float> one;
    Numbers(one, 1);
    number = one.empty() ? 0 : one[0];
  }
  template <typename Number>
  void Numbers(std::vector<Number>& numbers, std::size_t count) {
    const std::string_view bytes = Take(count * sizeof(Number));
    if (!ok_) return;
    numbers.resize(count);
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    if constexpr (std::is_floating_point_v<Number>) {
      for (const Number number : numbers) ok_ = ok_ && std::isfinite(number);
    }
  }
  void Text(std::string& text) {
    std::uint32_t size = 0;
    Count(size);
    text = Take(size);
  }
  std::string_view Take(std::size_t count) {
    if (!ok_ || left_.size() < count) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }

 private:
  std::string_view left_;
  bool ok_ = true;
};

// Appends the same parts.
class Writer {
 public:
  void Count(const std::uint32_t& count) { Raw(&count, sizeof(count)); }
  void Number(const float& number) { Raw(&number, sizeof(number)); }
  template <typename Number>
  void Numbers(const std::vector<Number>& numbers, std::size_t /*count*/) {
    Raw(numbers.data(), numbers.size() * sizeof(Number));
  }
  void Text(const std::string& text) {
    Count(static_cast<std::uint32_t>(text.size()));
    Raw(text.data(), text.size());
  }
  void Raw(const void* data, std::size_t size) {
    bytes_.append(static_cast<const char*>(data), size);
  }
  std::string Finish() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

template <typename File, typename ModelOrConst>
void PassSizes(File& file, ModelOrConst& model) {
  file.Text(model.name);
  auto& shape = model.shape;
  for (auto* size : {&shape.words, &shape.buckets.affixes, &shape.buckets.pairs, &shape.e, &shape.d,
                     &shape.layers}) {
    file.Count(*size);
  }
}

template <typename File, typename Matrix>
void PassMatrix(File& file, Matrix& matrix) {
  file.Numbers(matrix.values, std::size_t{matrix.rows} * matrix.columns);
  file.Numbers(matrix.scales, matrix.rows);
}

// The numbers, in the order of the file; matrices and layers have their sizes already.
template <typename File, typename ModelOrConst>
void PassNumbers(File& file, ModelOrConst& model) {
  const Shape& shape = model.shape;
  const std::size_t d = shape.d;
  const std::size_t e = shape.e;
  file.Number(model.embedding_scale);
  file.Numbers(model.words, shape.words * e);
  file.Numbers(model.affixes, shape.buckets.affixes * e);
  file.Numbers(model.pairs, shape.buckets.pairs * e);
  PassMatrix(file, model.project);
  file.Numbers(model.start, d);
  file.Numbers(model.ends, kEndsCount * d);
  for (auto& layer : model.layers) {
    file.Numbers(layer.kernel, kWidth * d);
    file.Numbers(layer.offset, d);
    file.Numbers(layer.gain, d);
    PassMatrix(file, layer.mix);
    file.Numbers(layer.bias, 2 * d);
  }
  file.Numbers(model.head, kScores * d);
  file.Numbers(model.head_bias, kScores);
}

std::string JoinLines(const std::vector<std::string>& lines) {
  std::string text;
  for (const std::string& line : lines) text.append(line).append("\n");
  return text;
}

// False where the last line has no end.
bool SplitLines(std::string_view text, std::vector<std::string>* lines) {
  while (!text.empty()) {
    const std::size_t end = text.find('\n');
    if (end == text.npos) return false;
    lines->emplace_back(text.substr(0, end));
    text.remove_prefix(end + 1);
  }
  return true;
}

bool Sane(const Shape& shape) {
  const auto rows = [](std::uint32_t count) { return count > 0 && count <= kMaxRows; };
  const auto numbers = [](std::uint32_t count) {
    return count > 0 && count <= kMaxNumbers && count % kLanes == 0;
  };
  return rows(shape.words) && shape.words >= kFirstKnownWord && rows(shape.buckets.affixes) &&
         rows(shape.buckets.pairs) && numbers(shape.e) && numbers(shape.d) &&
         shape.layers <= kMaxLayers;
}

}  // namespace

std::unique_ptr<const Model> ReadModel(std::string_view bytes, std::string* error) {
  Reader reader(bytes);
  if (reader.Take(kMagic.size()) != kMagic) {
    *error = "it is not a punctuation model, or one of another version";
    return nullptr;
  }
  auto model = std::make_unique<Model>();
  PassSizes(reader, *model);
  const Shape& shape = model->shape;
  if (!reader.ok() || !Sane(shape)) {
    *error = "its sizes are out of range";
    return nullptr;
  }
  model->project = {shape.d, shape.e, {}, {}};
  model->layers.resize(shape.layers);
  for (Model::Layer& layer : model->layers) layer.mix = {2 * shape.d, shape.d, {}, {}};
  PassNumbers(reader, *model);
  std::string vocabulary;
  std::string mixed_forms;
  reader.Text(vocabulary);
  reader.Text(mixed_forms);
  std::vector<std::string> words;
  if (!SplitLines(vocabulary, &words) || !SplitLines(mixed_forms, &model->mixed_forms) ||
      !reader.ok() || !reader.at_end()) {
    *error = "it ends early, goes on after its end, or holds a number that is none";
    return nullptr;
  }
  if (words.size() + kFirstKnownWord != shape.words) {
    *error = "its vocabulary and its embedding are not of one size";
    return nullptr;
  }
  model->vocabulary = Vocabulary(std::move(words));
  return model;
}

std::string WriteModel(const Model& model) {
  Writer writer;
  writer.Raw(kMagic.data(), kMagic.size());
  PassSizes(writer, model);
  PassNumbers(writer, model);
  writer.Text(JoinLines(model.vocabulary.words()));
  writer.Text(JoinLines(model.mixed_forms));
  return std::move(writer).Finish();
}

}  // namespace cxscribe::punctuation
