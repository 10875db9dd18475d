#include "plugins/redaction/evidence.h"

#include <vector>

namespace cxscribe::redaction {
namespace {

using Counts = std::map<std::string, std::size_t, std::less<>>;

std::string Counted(std::size_t count, std::string_view what) {
  return std::to_string(count) + " " + std::string(what) + (count == 1 ? "" : "s");
}

std::string ListOf(const Counts& counts) {
  std::string list;
  for (const auto& [type, count] : counts) {
    list += (list.empty() ? "" : ", ") + type + " " + std::to_string(count);
  }
  return list;
}

std::string ListOf(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

}  // namespace

std::string_view TypeOf(const Verdict& verdict, const OwnDetectors* own) {
  return verdict.own > 0 ? std::string_view(own->types()[verdict.own - 1U])
                         : EntityName(verdict.entity);
}

void Evidence::Add(const Verified& verified, std::size_t segments) {
  segments_ += segments;
  words_ += verified.words;
  for (const Finding& f : verified.findings) ++found_[std::string(TypeOf(f.verdict, own_))];
  for (const Finding& f : verified.flagged) ++flagged_[std::string(TypeOf(f.verdict, own_))];
  marks_.names += verified.marks.names;
  marks_.runs += verified.marks.runs;
  marks_.words += verified.marks.words;
  let_stand_.allowed_terms += verified.let_stand.allowed_terms;
  let_stand_.allowed_remains += verified.let_stand.allowed_remains;
  overflowed_ = overflowed_ || verified.overflowed;
}

std::string Evidence::Summary() const {
  const std::size_t asked = plan_.looked_for + plan_.unchecked.size() + plan_.missing.size();
  std::string text = "read " + Counted(segments_, "segment") + ", " + Counted(words_, "word");
  if (!plan_.language->english()) text += " as " + std::string(plan_.language->name());
  text += " for " + std::to_string(plan_.looked_for) + " of " + Counted(asked, "entity type");
  if (own_ != nullptr) {
    text += ", with " + Counted(own_->count(), "configured detector") + " and " +
            Counted(own_->terms(), "term");
  }
  const std::size_t marks = marks_.names + marks_.runs + marks_.words;
  if (marks > 0) text += "; " + Counted(marks, "mark") + " of an earlier redaction";
  text += found_.empty() ? "; found nothing" : "; found " + ListOf(found_);
  if (!flagged_.empty()) text += "; below the threshold, told only: " + ListOf(flagged_);
  if (let_stand_.allowed_terms > 0) {
    text += "; " + Counted(let_stand_.allowed_terms, "place") + " let stand as allowed terms";
  }
  if (let_stand_.allowed_remains > 0) {
    text += "; " + Counted(let_stand_.allowed_remains, "place") + " let stand as allowed remains";
  }
  if (!plan_.unchecked.empty()) text += "; left to others: " + ListOf(plan_.unchecked);
  return text;
}

}  // namespace cxscribe::redaction
