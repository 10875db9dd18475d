#include "client/completion.h"

#include <cstdio>
#include <functional>

#include <absl/strings/str_cat.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "client/command.h"
#include "client/verbs/verbs.h"
#include "tests/client/fakes.h"
#include "tests/support/temp_dir.h"

namespace cxscribe::client {
namespace {

using ::testing::AllOf;
using ::testing::Contains;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::Not;
using ::testing::UnorderedElementsAre;

// What bash offers when the words of the line are `words` and the last one is being completed.
std::vector<std::string> Complete(const std::string& script,
                                  const std::vector<std::string>& words) {
  const TempDir folder;
  std::string program = script + "COMP_WORDS=(";
  for (const std::string& word : words) absl::StrAppend(&program, "'", word, "' ");
  absl::StrAppend(&program, ")\nCOMP_CWORD=", words.size() - 1,
                  "\n_cxctl\nprintf '%s\\n' \"${COMPREPLY[@]}\"\n");
  const std::string path = folder.Write("complete.bash", program);
  FILE* pipe = popen(absl::StrCat("bash --norc ", path, " 2>&1").c_str(), "r");
  std::vector<std::string> offers;
  char line[512];
  while (std::fgets(line, sizeof line, pipe) != nullptr) {
    std::string offer(line);
    offer.pop_back();
    if (!offer.empty()) offers.push_back(offer);
  }
  EXPECT_EQ(pclose(pipe), 0);
  return offers;
}

std::string ScriptOf(const std::string& shell) {
  Harness harness;
  EXPECT_EQ(harness.Run({"completion", shell}), 0);
  return harness.out.str();
}

// A small tree: its scripts must follow from it alone.
struct SmallTree {
  CommandLine line{"cxctl", "", "1"};
  std::string text;
  bool flag = false;

  SmallTree() {
    line.root().AddOption("--zebra", &text, "X", "A new option");
    const Command group = line.root().AddCommand("animals", "About animals");
    group.AddCommand("feed", "Feed 'em all").AddFlag("--now,-n", &flag, "At once");
  }
};

TEST(Completion, ScriptsFollowTheTree) {
  const SmallTree tree;
  const CommandShape shape = tree.line.Shape();
  for (const std::string& script :
       {BashCompletion(shape), ZshCompletion(shape), FishCompletion(shape)}) {
    EXPECT_THAT(script, AllOf(HasSubstr("zebra"), HasSubstr("animals"), HasSubstr("feed"),
                              HasSubstr("now"), Not(HasSubstr("submit"))));
  }
}

TEST(Completion, EveryCommandAndOptionOfCxctlIsInEveryScript) {
  const std::string bash = ScriptOf("bash");
  const std::string zsh = ScriptOf("zsh");
  const std::string fish = ScriptOf("fish");
  Harness harness;
  ASSERT_EQ(harness.Run({"--help"}), 0);
  const std::string help = harness.out.str();
  for (const char* verb : {"submit", "watch", "wait", "result", "get", "list", "events", "cancel",
                           "delete", "resolve", "pipeline", "plugin", "audit", "completion"}) {
    EXPECT_THAT(help, HasSubstr(verb));
    EXPECT_THAT(bash, HasSubstr(absl::StrCat("\"|", verb, "\") at=\"", verb, "\"")));
    EXPECT_THAT(zsh, HasSubstr(absl::StrCat("'", verb, ":")));
    EXPECT_THAT(fish, HasSubstr(absl::StrCat(" -a ", verb, " -d ")));
  }
  for (const std::vector<std::string>& path :
       std::vector<std::vector<std::string>>{{"submit"},
                                             {"watch"},
                                             {"list"},
                                             {"resolve"},
                                             {"pipeline", "run"},
                                             {"audit", "verify"}}) {
    std::vector<std::string> arguments = path;
    arguments.emplace_back("--help");
    ASSERT_EQ(harness.Run(arguments), 0);
    std::istringstream lines(harness.out.str());
    int options = 0;
    for (std::string line; std::getline(lines, line);) {
      const size_t begin = line.find("--");
      if (line.rfind("  -", 0) != 0 || begin == std::string::npos) continue;
      const std::string name = line.substr(
          begin + 2, line.find_first_not_of("abcdefghijklmnopqrstuvwxyz-", begin + 2) - begin - 2);
      ++options;
      EXPECT_THAT(bash, HasSubstr("--" + name)) << path[0];
      EXPECT_THAT(zsh, HasSubstr("'--" + name + ":")) << path[0];
      EXPECT_THAT(fish, HasSubstr(" -l " + name + " ")) << path[0];
    }
    EXPECT_GE(options, 2) << path[0];
  }
}

TEST(Completion, BashOffersCommands) {
  const std::string script = ScriptOf("bash");
  EXPECT_THAT(Complete(script, {"cxctl", "wa"}), UnorderedElementsAre("watch", "wait"));
  EXPECT_THAT(Complete(script, {"cxctl", "pipeline", ""}), Contains("reload"));
  EXPECT_THAT(Complete(script, {"cxctl", "completion", "z"}), ElementsAre("zsh"));
}

TEST(Completion, BashOffersTheOptionsOfTheCommandAndTheGlobalOnes) {
  const std::string script = ScriptOf("bash");
  EXPECT_THAT(Complete(script, {"cxctl", "submit", "--re"}),
              UnorderedElementsAre("--redaction-policy", "--request-id", "--reconnect-timeout"));
  EXPECT_THAT(Complete(script, {"cxctl", "get", "--serv"}), ElementsAre("--server"));
}

TEST(Completion, BashOffersTheChoicesOfAnOption) {
  const std::string script = ScriptOf("bash");
  EXPECT_THAT(Complete(script, {"cxctl", "list", "--state", "q"}),
              UnorderedElementsAre("queued", "quarantined"));
  EXPECT_THAT(Complete(script, {"cxctl", "-o", "j"}), UnorderedElementsAre("json", "jsonl"));
  EXPECT_THAT(Complete(script, {"cxctl", "list", "--output", "=", "y"}), ElementsAre("yaml"));
}

TEST(Completion, BashDoesNotTakeAnOptionsValueForACommand) {
  const std::string script = ScriptOf("bash");
  EXPECT_THAT(Complete(script, {"cxctl", "--profile", "submit", "pipe"}), ElementsAre("pipeline"));
  EXPECT_THAT(Complete(script, {"cxctl", "--profile", "sub"}), ElementsAre());
}

}  // namespace
}  // namespace cxscribe::client
