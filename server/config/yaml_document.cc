// See yaml_document.h.
#include "server/config/yaml_document.h"

#include <sstream>
#include <utility>

#include <absl/strings/str_cat.h>
#include <yaml-cpp/eventhandler.h>
#include <yaml-cpp/exceptions.h>
#include <yaml-cpp/mark.h>
#include <yaml-cpp/parser.h>

#include "server/config/values.h"

namespace cxscribe {
namespace {

// Thrown out of yaml-cpp's parser to end it; never leaves this file.
struct StopParsing {};

constexpr std::string_view kStringTag = "tag:yaml.org,2002:str";

// Builds the tree. Containers on the way are held in a stack, so that moving a finished one into
// its parent never invalidates what is still being built.
class TreeBuilder final : public YAML::EventHandler {
 public:
  TreeBuilder(const std::string& file, std::vector<ConfigError>& errors)
      : file_(file), errors_(errors) {}

  void OnDocumentStart(const YAML::Mark& mark) override {
    if (++documents_ > 1) {
      Error(mark, "a second YAML document begins here; the file may hold only one");
      throw StopParsing();
    }
  }
  void OnDocumentEnd() override {}

  void OnAnchor(const YAML::Mark& mark, const std::string& /*name*/) override {
    Error(mark, "anchors (&name) are not supported; write the value out");
  }
  void OnAlias(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Error(mark, "aliases (*name) are not supported; write the value out");
    Place(Make(mark, YamlNode::Kind::kNull));
  }
  void OnNull(const YAML::Mark& mark, YAML::anchor_t /*anchor*/) override {
    Place(Make(mark, YamlNode::Kind::kNull));
  }
  void OnScalar(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                const std::string& value) override {
    YamlNode node = Make(mark, YamlNode::Kind::kScalar);
    node.text = value;
    node.quoted = tag == "!" || tag == kStringTag;
    if (tag != "?" && !node.quoted) CheckTag(mark, tag);
    Place(std::move(node));
  }
  void OnSequenceStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                       YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, YamlNode::Kind::kSequence);
  }
  void OnSequenceEnd() override { Close(); }
  void OnMapStart(const YAML::Mark& mark, const std::string& tag, YAML::anchor_t /*anchor*/,
                  YAML::EmitterStyle::value /*style*/) override {
    Open(mark, tag, YamlNode::Kind::kMap);
  }
  void OnMapEnd() override { Close(); }

  YamlNode TakeRoot() { return std::move(root_); }

 private:
  struct Frame {
    YamlNode node;
    bool has_key = false;
    bool drop_value = false;  // the key was bad: its value is parsed and thrown away
    std::string key;
    SourceLocation key_where;
  };

  SourceLocation Where(const YAML::Mark& mark) const {
    return {file_, mark.line + 1, mark.column + 1};
  }
  YamlNode Make(const YAML::Mark& mark, YamlNode::Kind kind) const {
    YamlNode node;
    node.kind = kind;
    node.where = Where(mark);
    return node;
  }
  void Error(const YAML::Mark& mark, std::string message) {
    errors_.push_back({Where(mark), std::move(message)});
  }
  void CheckTag(const YAML::Mark& mark, const std::string& tag) {
    if (tag.empty() || tag == "?" || tag == "!") return;
    Error(mark, "explicit tags (!tag) are not supported; remove it");
  }

  void Open(const YAML::Mark& mark, const std::string& tag, YamlNode::Kind kind) {
    if (static_cast<int>(stack_.size()) >= kMaxYamlDepth) {
      Error(mark, absl::StrCat("nested deeper than ", kMaxYamlDepth, " levels"));
      throw StopParsing();
    }
    CheckTag(mark, tag);
    Frame frame;
    frame.node = Make(mark, kind);
    stack_.push_back(std::move(frame));
  }
  void Close() {
    YamlNode node = std::move(stack_.back().node);
    stack_.pop_back();
    Place(std::move(node));
  }

  // Puts a finished node where it belongs: the root, an item, a key or a value.
  void Place(YamlNode node) {
    if (stack_.empty()) {
      root_ = std::move(node);
      return;
    }
    Frame& frame = stack_.back();
    if (frame.node.kind == YamlNode::Kind::kSequence) {
      frame.node.items.push_back(std::move(node));
    } else if (!frame.has_key) {
      TakeKey(frame, node);
    } else {
      if (!frame.drop_value) {
        frame.node.entries.push_back(
            {std::move(frame.key), std::move(frame.key_where), std::move(node)});
      }
      frame.has_key = false;
      frame.drop_value = false;
    }
  }

  void TakeKey(Frame& frame, const YamlNode& node) {
    frame.has_key = true;
    frame.key = node.text;
    frame.key_where = node.where;
    if (node.kind != YamlNode::Kind::kScalar) {
      errors_.push_back({node.where, "a key must be a plain name"});
      frame.drop_value = true;
    } else if (node.text == "<<" && !node.quoted) {
      errors_.push_back({node.where, "merge keys (<<) are not supported; write the values out"});
      frame.drop_value = true;
    } else if (const YamlNode* first = frame.node.Find(node.text)) {
      // The value's place tells the lines apart well enough, and is the one that is at hand.
      errors_.push_back(
          {node.where, absl::StrCat("duplicate key ", Quoted(node.text),
                                    "; its first value is at line ", first->where.line)});
      frame.drop_value = true;
    }
  }

  const std::string& file_;
  std::vector<ConfigError>& errors_;
  int documents_ = 0;
  std::vector<Frame> stack_;
  YamlNode root_;
};

}  // namespace

const YamlNode* YamlNode::Find(std::string_view key) const {
  for (const YamlEntry& entry : entries) {
    if (entry.key == key) return &entry.value;
  }
  return nullptr;
}

YamlNode* YamlNode::Find(std::string_view key) {
  return const_cast<YamlNode*>(std::as_const(*this).Find(key));
}

YamlNode ParseYaml(std::string_view yaml, const std::string& file, std::vector<ConfigError>& errors,
                   bool& syntax_error) {
  syntax_error = true;
  YamlNode empty;
  empty.where = {file, 1, 1};
  if (yaml.size() > kMaxYamlBytes) {
    errors.push_back({empty.where, absl::StrCat("the file has ", yaml.size(), " bytes; at most ",
                                                kMaxYamlBytes, " are read")});
    return empty;
  }
  if (const std::optional<size_t> bad = FindInvalidText(yaml)) {
    errors.push_back({LocationAt(yaml, *bad, file),
                      "not UTF-8 text: an invalid sequence or a control character"});
    return empty;
  }
  TreeBuilder builder(file, errors);
  try {
    std::istringstream stream{std::string(yaml)};
    YAML::Parser parser(stream);
    if (!parser.HandleNextDocument(builder)) {
      syntax_error = false;
      return empty;
    }
    // A second document makes the builder complain and stop.
    parser.HandleNextDocument(builder);
    syntax_error = false;
    return builder.TakeRoot();
  } catch (const StopParsing&) {
    return empty;
  } catch (const YAML::Exception& error) {
    SourceLocation where = empty.where;
    if (!error.mark.is_null()) where = {file, error.mark.line + 1, error.mark.column + 1};
    errors.push_back({where, absl::StrCat("not valid YAML: ", error.msg)});
    return empty;
  } catch (const std::exception&) {
    errors.push_back({empty.where, "not valid YAML: the parser gave up"});
    return empty;
  }
}

}  // namespace cxscribe
