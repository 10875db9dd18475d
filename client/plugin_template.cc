#include "client/plugin_template.h"

#include <algorithm>
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iterator>

#include <absl/strings/match.h>
#include <absl/strings/str_cat.h>
#include <absl/strings/str_replace.h>
#include <re2/re2.h>

namespace cxscribe::client {
namespace {

namespace fs = std::filesystem;

// Targets that CMake keeps for itself (policy CMP0037); the plugin's name is its target's.
constexpr std::string_view kCMakeTargets[] = {
    "all",     "clean",      "edit_cache", "help",           "install",
    "package", "preinstall", "test",       "package_source", "rebuild_cache"};

// "script-adherence.v2" as a class: ScriptAdherenceV2.
std::string ClassName(std::string_view name) {
  std::string out;
  bool upper = true;
  for (const char c : name) {
    if (!std::isalnum(static_cast<unsigned char>(c))) {
      upper = true;
      continue;
    }
    out.push_back(upper ? static_cast<char>(std::toupper(static_cast<unsigned char>(c))) : c);
    upper = false;
  }
  if (std::isdigit(static_cast<unsigned char>(out.front()))) out.insert(0, "Plugin");
  return out;
}

// A capability begins with a letter and has no '_'.
std::string Capability(std::string_view name) {
  std::string rest(name);
  std::replace(rest.begin(), rest.end(), '_', '-');
  if (std::isdigit(static_cast<unsigned char>(rest.front()))) rest.insert(0, "plugin-");
  return "example." + rest;
}

absl::Status WriteFiles(const std::string& name, const std::string& prefix,
                        const fs::path& directory) {
  const std::string class_name = ClassName(name);
  const std::string capability = Capability(name);
  for (const TemplateFile* file = kTemplateFiles; file->path != nullptr; ++file) {
    const std::string path = file->path;
    if (!absl::StartsWith(path, prefix)) continue;
    std::string relative = path.substr(prefix.size());
    if (relative == "gitignore") relative = ".gitignore";
    const fs::path target = directory / relative;
    std::error_code error;
    fs::create_directories(target.parent_path(), error);
    std::ofstream out(target, std::ios::binary);
    out << absl::StrReplaceAll(
        file->content, {{"@NAME@", name}, {"@CLASS@", class_name}, {"@CAPABILITY@", capability}});
    out.flush();
    if (error || !out.good()) {
      return absl::UnavailableError(absl::StrCat("cannot write ", target.string()));
    }
  }
  return absl::OkStatus();
}

}  // namespace

std::string PluginNameProblem(std::string_view name) {
  static const re2::RE2 pattern("[a-z0-9][a-z0-9_.-]{0,63}");
  if (!re2::RE2::FullMatch(re2::StringPiece(name.data(), name.size()), pattern)) {
    return "it must begin with a lower-case letter or a digit and go on with those, '_', '.' and "
           "'-', at most 64 in all";
  }
  if (std::find(std::begin(kCMakeTargets), std::end(kCMakeTargets), name) !=
      std::end(kCMakeTargets)) {
    return "CMake keeps that name for a target of its own; take another one";
  }
  return "";
}

absl::Status WritePluginTemplate(const std::string& name, PluginLanguage language,
                                 const std::string& directory) {
  std::error_code error;
  const fs::path target(directory);
  if (fs::exists(fs::symlink_status(target, error))) {
    return absl::AlreadyExistsError(
        absl::StrCat(directory,
                     " exists already, and nothing in it is overwritten; give another "
                     "folder with --dir"));
  }
  if (target.has_parent_path()) fs::create_directories(target.parent_path(), error);
  if (!fs::create_directory(target, error)) {
    return absl::UnavailableError(absl::StrCat("cannot make the folder ", directory, ": ",
                                               error ? error.message() : "it was made by another"));
  }
  // A plugin is not loaded from where everybody may write, whatever the umask is.
  fs::permissions(target, fs::perms::others_write, fs::perm_options::remove, error);
  absl::Status status = WriteFiles(name, "common/", target);
  if (status.ok()) {
    status = WriteFiles(name, language == PluginLanguage::kC ? "c/" : "c++/", target);
  }
  if (!status.ok()) fs::remove_all(target, error);
  return status;
}

}  // namespace cxscribe::client
