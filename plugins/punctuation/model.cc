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

class Reader {
 public:
  explicit Reader(std::string_view bytes) : left_(bytes) {}
  bool ok() const { return ok_; }
  bool at_end() const { return left_.empty(); }

  std::string_view Take(std::size_t count) {
    if (!ok_ || left_.size() < count) {
      ok_ = false;
      return {};
    }
    const std::string_view taken = left_.substr(0, count);
    left_.remove_prefix(count);
    return taken;
  }
  std::uint32_t Count() {
    const std::vector<std::uint32_t> one = Many<std::uint32_t>(1);
    return one.empty() ? 0 : one[0];
  }
  template <typename Number>
  std::vector<Number> Many(std::size_t count) {
    const std::string_view bytes = Take(count * sizeof(Number));
    if (!ok_) return {};
    std::vector<Number> numbers(count);
    std::memcpy(numbers.data(), bytes.data(), bytes.size());
    if constexpr (std::is_floating_point_v<Number>) {
      for (const Number number : numbers) ok_ = ok_ && std::isfinite(number);
    }
    return numbers;
  }
  float Scale() {
    const std::vector<float> one = Many<float>(1);
    return one.empty() ? 0 : one[0];
  }
  std::string_view Text() { return Take(Count()); }
  QuantisedMatrix Matrix(std::uint32_t rows, std::uint32_t columns) {
    QuantisedMatrix matrix{rows, columns, {}, {}};
    matrix.values = Many<std::int8_t>(std::size_t{rows} * columns);
    matrix.scales = Many<float>(rows);
    return matrix;
  }
  std::vector<std::string> Lines() {
    std::vector<std::string> lines;
    std::string_view text = Text();
    while (!text.empty()) {
      const std::size_t end = text.find('\n');
      if (end == text.npos) {
        ok_ = false;
        break;
      }
      lines.emplace_back(text.substr(0, end));
      text.remove_prefix(end + 1);
    }
    return lines;
  }

 private:
  std::string_view left_;
  bool ok_ = true;
};

class Writer {
 public:
  template <typename Number>
  void One(Number number) {
    bytes_.append(reinterpret_cast<const char*>(&number), sizeof(number));
  }
  template <typename Number>
  void Many(const std::vector<Number>& numbers) {
    bytes_.append(reinterpret_cast<const char*>(numbers.data()), numbers.size() * sizeof(Number));
  }
  void Text(std::string_view text) {
    One(static_cast<std::uint32_t>(text.size()));
    bytes_ += text;
  }
  void Lines(const std::vector<std::string>& lines) {
    std::string text;
    for (const std::string& line : lines) text.append(line).append("\n");
    Text(text);
  }
  void Matrix(const QuantisedMatrix& matrix) {
    Many(matrix.values);
    Many(matrix.scales);
  }
  void Raw(std::string_view bytes) { bytes_ += bytes; }
  std::string Finish() && { return std::move(bytes_); }

 private:
  std::string bytes_;
};

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
  model->name = reader.Text();
  Shape& shape = model->shape;
  for (std::uint32_t* field : {&shape.words, &shape.buckets.affixes, &shape.buckets.pairs, &shape.e,
                               &shape.d, &shape.layers}) {
    *field = reader.Count();
  }
  if (!reader.ok() || !Sane(shape)) {
    *error = "its sizes are out of range";
    return nullptr;
  }
  const std::size_t d = shape.d;
  const std::size_t e = shape.e;
  model->embedding_scale = reader.Scale();
  model->words = reader.Many<std::int8_t>(shape.words * e);
  model->affixes = reader.Many<std::int8_t>(shape.buckets.affixes * e);
  model->pairs = reader.Many<std::int8_t>(shape.buckets.pairs * e);
  model->project = reader.Matrix(shape.d, shape.e);
  model->start = reader.Many<float>(d);
  model->ends = reader.Many<float>(kEndsCount * d);
  for (std::uint32_t i = 0; i < shape.layers && reader.ok(); ++i) {
    Model::Layer& layer = model->layers.emplace_back();
    layer.kernel = reader.Many<float>(kWidth * d);
    layer.offset = reader.Many<float>(d);
    layer.gain = reader.Many<float>(d);
    layer.mix = reader.Matrix(2 * shape.d, shape.d);
    layer.bias = reader.Many<float>(2 * d);
  }
  model->head = reader.Many<float>(kScores * d);
  model->head_bias = reader.Many<float>(kScores);
  model->vocabulary = Vocabulary(reader.Lines());
  model->mixed_forms = reader.Lines();
  if (!reader.ok() || !reader.at_end()) {
    *error = "it ends early, goes on after its end, or holds a number that is none";
    return nullptr;
  }
  if (model->vocabulary.words().size() + kFirstKnownWord != shape.words) {
    *error = "its vocabulary and its embedding are not of one size";
    return nullptr;
  }
  return model;
}

std::string WriteModel(const Model& model) {
  Writer writer;
  writer.Raw(kMagic);
  writer.Text(model.name);
  const Shape& shape = model.shape;
  for (const std::uint32_t field :
       {shape.words, shape.buckets.affixes, shape.buckets.pairs, shape.e, shape.d, shape.layers}) {
    writer.One(field);
  }
  writer.One(model.embedding_scale);
  writer.Many(model.words);
  writer.Many(model.affixes);
  writer.Many(model.pairs);
  writer.Matrix(model.project);
  writer.Many(model.start);
  writer.Many(model.ends);
  for (const Model::Layer& layer : model.layers) {
    writer.Many(layer.kernel);
    writer.Many(layer.offset);
    writer.Many(layer.gain);
    writer.Matrix(layer.mix);
    writer.Many(layer.bias);
  }
  writer.Many(model.head);
  writer.Many(model.head_bias);
  writer.Lines(model.vocabulary.words());
  writer.Lines(model.mixed_forms);
  return std::move(writer).Finish();
}

}  // namespace cxscribe::punctuation
