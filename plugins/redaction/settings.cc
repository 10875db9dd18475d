#include "plugins/redaction/settings.h"

#include <algorithm>
#include <optional>
#include <set>

#include <nlohmann/json.hpp>

#include "plugins/redaction/entity_types.h"
#include "plugins/redaction/finding.h"
#include "plugins/redaction/pattern_set.h"
#include "plugins/redaction/phrase_set.h"

namespace cxscribe::redaction {
namespace {

using nlohmann::json;

constexpr std::string_view kDefault = "default";
constexpr double kOwnScore = 0.9;
constexpr int kWithin = 12;
constexpr int kFewestDigits = 3;  // fewer are no run of digits
constexpr int kMostDigits = 32;
// The types whose numbers people tell each other the end of.
constexpr std::string_view kWithRemains[] = {"CREDIT_CARD", "SSN", "ITIN", "BANK_ACCOUNT", "IBAN"};

std::string Quoted(std::string_view text) { return '"' + std::string(text) + '"'; }

std::string Escaped(std::string_view token) {
  std::string escaped;
  for (const char c : token) {
    if (c == '~') {
      escaped += "~0";
    } else if (c == '/') {
      escaped += "~1";
    } else {
      escaped += c;
    }
  }
  return escaped;
}

// "8", "8-10".
std::optional<std::pair<int, int>> ReadDigits(const json& value) {
  if (value.is_number_integer()) {
    const auto count = value.get<std::int64_t>();
    if (count < kFewestDigits || count > kMostDigits) return std::nullopt;
    return std::pair(static_cast<int>(count), static_cast<int>(count));
  }
  const auto& text = value.get_ref<const std::string&>();
  int numbers[2] = {0, 0};
  int which = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '-' && which == 0 && i > 0 && i + 1 < text.size()) {
      which = 1;
    } else if (text[i] >= '0' && text[i] <= '9' && numbers[which] < 100) {
      numbers[which] = numbers[which] * 10 + (text[i] - '0');
    } else {
      return std::nullopt;
    }
  }
  if (which == 0) numbers[1] = numbers[0];
  if (numbers[0] < kFewestDigits || numbers[1] > kMostDigits || numbers[0] > numbers[1]) {
    return std::nullopt;
  }
  return std::pair(numbers[0], numbers[1]);
}

class Reader {
 public:
  explicit Reader(std::vector<SettingsProblem>* problems) : problems_(problems) {}

  Settings Read(const json& config) {
    ReadRules(config, "", &settings_.rules);
    if (const auto policies = config.find("policies"); policies != config.end()) {
      for (const auto& [name, rules] : policies->items()) {
        Rules& own = settings_.policies[name];
        own = settings_.rules;
        ReadRules(rules, "/policies/" + Escaped(name), &own);
      }
    }
    ReadTerms(config, "deny");
    ReadTerms(config, "allow");
    ReadDetectors(config);
    ReadUnchecked(config);
    return std::move(settings_);
  }

 private:
  void Report(const std::string& pointer, std::string message) {
    problems_->push_back({pointer, std::move(message)});
  }

  bool CheckType(const std::string& type, const std::string& pointer) {
    if (IsProductType(type) || IsOwnType(type)) return true;
    Report(pointer, Quoted(type) +
                        " is not an entity type: CREDIT_CARD and the like, or vendor.NAME for one "
                        "of your own");
    return false;
  }

  // What stands here takes the place of all that stood under the same key.
  void ReadRules(const json& section, const std::string& pointer, Rules* rules) {
    if (const auto thresholds = section.find("thresholds"); thresholds != section.end()) {
      rules->thresholds.clear();
      for (const auto& [type, value] : thresholds->items()) {
        const std::string here = pointer + "/thresholds/" + Escaped(type);
        if (type != kDefault) CheckType(type, here);
        const Threshold threshold{value.value("fail", 0.0), value.value("flag", 0.0)};
        if (value.empty()) Report(here, "sets neither fail nor flag");
        if (threshold.flag > threshold.fail) {
          Report(here + "/flag", "is above fail: what fails the text is told anyway");
        }
        rules->thresholds[type] = threshold;
      }
    }
    if (const auto remains = section.find("allowed_remains"); remains != section.end()) {
      rules->allowed_remains.clear();
      for (const auto& [type, digits] : remains->items()) {
        if (std::find(std::begin(kWithRemains), std::end(kWithRemains), type) ==
            std::end(kWithRemains)) {
          Report(pointer + "/allowed_remains/" + Escaped(type),
                 "nothing of this type may remain; allowed are CREDIT_CARD, SSN, ITIN, "
                 "BANK_ACCOUNT, IBAN");
        }
        rules->allowed_remains[type] = digits.get<int>();
      }
    }
  }

  void ReadTerms(const json& config, const char* key) {
    const auto lists = config.find(key);
    if (lists == config.end()) return;
    for (std::size_t i = 0; i < lists->size(); ++i) {
      const json& value = (*lists)[i];
      const std::string here = "/" + std::string(key) + "/" + std::to_string(i);
      TermList list;
      list.type = value.value("type", "");
      if (value.contains("type")) CheckType(list.type, here + "/type");
      list.terms = value.value("terms", std::vector<std::string>());
      list.file = value.value("file", "");
      if (list.terms.empty() && list.file.empty()) Report(here, "has neither terms nor a file");
      CheckPhrases(list.terms, here + "/terms/");
      settings_.terms.push_back(std::move(list));
    }
  }

  void CheckPhrases(const std::vector<std::string>& phrases, const std::string& pointer) {
    std::vector<std::pair<std::size_t, std::string>> wrong;
    const PhraseSet set({phrases.begin(), phrases.end()}, &wrong);
    for (const auto& [index, message] : wrong) Report(pointer + std::to_string(index), message);
  }

  void ReadDetectors(const json& config) {
    const auto detectors = config.find("detectors");
    if (detectors == config.end()) return;
    for (std::size_t i = 0; i < detectors->size(); ++i) {
      ReadDetector((*detectors)[i], "/detectors/" + std::to_string(i));
    }
  }

  void ReadDetector(const json& value, const std::string& here) {
    OwnDetector detector;
    detector.type = value["type"];
    CheckType(detector.type, here + "/type");
    detector.score = value.value("score", kOwnScore);
    detector.reason = value.value("reason", "");
    const bool pattern = value.contains("pattern");
    const bool keywords = value.contains("keywords");
    if (pattern == keywords) {
      Report(here, "needs either a pattern, or keywords and digits");
    }
    for (const char* key : {"digits", "within"}) {
      if (pattern && value.contains(key)) {
        Report(here + "/" + key, "goes with keywords, not with a pattern");
      }
    }
    if (keywords && value.contains("case_sensitive")) {
      Report(here + "/case_sensitive", "goes with a pattern; keywords match in any case");
    }
    if (pattern) {
      detector.pattern = value["pattern"];
      detector.case_sensitive = value.value("case_sensitive", false);
      PatternSet trial;
      if (const std::string problem = trial.Add(detector.pattern, detector.case_sensitive);
          !problem.empty()) {
        Report(here + "/pattern", problem);
      }
    }
    if (keywords) ReadKeywords(value, here, &detector);
    if (detector.reason.empty()) {
      detector.reason = keywords ? "as many digits as configured, near one of the keywords"
                                 : "matches the configured pattern";
    }
    settings_.detectors.push_back(std::move(detector));
  }

  void ReadKeywords(const json& value, const std::string& here, OwnDetector* detector) {
    detector->keywords = value["keywords"].get<std::vector<std::string>>();
    detector->within = value.value("within", kWithin);
    CheckPhrases(detector->keywords, here + "/keywords/");
    if (!value.contains("digits")) {
      Report(here, "lacks digits: how many the number has, for example 8 or 8-10");
      return;
    }
    if (const auto digits = ReadDigits(value["digits"])) {
      std::tie(detector->fewest_digits, detector->most_digits) = *digits;
    } else {
      Report(here + "/digits",
             "must be how many digits the number has, 3 to 32, for example 8 or "
             "8-10");
    }
  }

  void ReadUnchecked(const json& config) {
    const auto types = config.find("unchecked");
    if (types == config.end()) return;
    for (std::size_t i = 0; i < types->size(); ++i) {
      const std::string type = (*types)[i];
      const std::string here = "/unchecked/" + std::to_string(i);
      if (!CheckType(type, here)) continue;
      const bool own =
          std::any_of(settings_.detectors.begin(), settings_.detectors.end(),
                      [&type](const OwnDetector& detector) { return detector.type == type; });
      if (own || IsProductType(type)) {
        Report(here, "this stage does look for " + type +
                         "; to have it not checked, use a redaction policy without it");
      }
      settings_.unchecked.push_back(type);
    }
  }

  std::vector<SettingsProblem>* problems_;
  Settings settings_;
};

}  // namespace

Threshold Rules::For(std::string_view type) const {
  auto found = thresholds.find(type);
  if (found == thresholds.end()) found = thresholds.find(kDefault);
  return found == thresholds.end() ? Threshold() : found->second;
}

int Rules::RemainsOf(std::string_view type) const {
  const auto found = allowed_remains.find(type);
  return found == allowed_remains.end() ? 0 : found->second;
}

const Rules& Settings::For(std::string_view policy) const {
  const auto found = policies.find(policy);
  return found == policies.end() ? rules : found->second;
}

Settings ReadSettings(std::string_view json_text, std::vector<SettingsProblem>* problems) {
  return Reader(problems).Read(json::parse(json_text.begin(), json_text.end()));
}

}  // namespace cxscribe::redaction
