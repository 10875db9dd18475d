// PluginFile: which files are refused, and that the bytes cannot change afterwards.
#include "plugins/host/plugin_file.h"

#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <unistd.h>

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include "plugins/host/in_process.h"
#include "server/base/error.h"
#include "server/base/hash.h"
#include "tests/plugins_host/fixture.h"
#include "tests/support/temp_dir.h"

namespace cxscribe {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;

// A directory with a good plugin in it.
class PluginFileTest : public testing::Test {
 protected:
  PluginFileTest() : directory_(temp_.path() / "plugins") {
    fs::create_directory(directory_);
    fs::copy_file(FixtureDirectory() + "/fixture_transform.so", directory_ / "good.so");
  }

  absl::StatusOr<std::shared_ptr<const PluginFile>> Open(const std::string& name,
                                                         const std::string& sha256 = "") {
    return PluginFile::Open({directory_.string(), name, sha256});
  }
  void ExpectRefused(const std::string& name, const std::string& reason, const std::string& text) {
    const auto file = Open(name);
    ASSERT_FALSE(file.ok()) << name;
    EXPECT_EQ(ReasonOf(file.status()), reason) << file.status();
    EXPECT_THAT(std::string(file.status().message()), HasSubstr(text));
  }

  TempDir temp_;
  fs::path directory_;
};

TEST_F(PluginFileTest, AMissingFileIsNotFound) {
  ExpectRefused("absent.so", "PLUGIN_NOT_FOUND", "absent.so does not exist");
  EXPECT_TRUE(absl::IsNotFound(Open("absent.so").status()));
  ExpectRefused("absent/absent.so", "PLUGIN_NOT_FOUND", "absent");
}

TEST_F(PluginFileTest, AMissingDirectoryIsNotFound) {
  directory_ = temp_.path() / "nowhere";
  ExpectRefused("good.so", "PLUGIN_NOT_FOUND", "nowhere does not exist");
}

TEST_F(PluginFileTest, NamesThatLeaveTheDirectoryAreRefused) {
  std::ofstream(temp_.path() / "outside.so") << "x";
  ExpectRefused("../outside.so", "PLUGIN_NAME", "..");
  ExpectRefused("sub/../../outside.so", "PLUGIN_NAME", "..");
  ExpectRefused("./good.so", "PLUGIN_NAME", "plain relative path");
  ExpectRefused("", "PLUGIN_NAME", "plain relative path");
  ExpectRefused("sub//good.so", "PLUGIN_NAME", "plain relative path");
  ExpectRefused(std::string("good.so\0.txt", 12), "PLUGIN_NAME", "plain relative path");
  ExpectRefused((temp_.path() / "outside.so").string(), "PLUGIN_NAME",
                "not inside the plugin directory");
  ExpectRefused(directory_.string() + "/../outside.so", "PLUGIN_NAME", "..");
  ExpectRefused(directory_.string() + "-else/good.so", "PLUGIN_NAME", "not inside");
}

TEST_F(PluginFileTest, ARelativeDirectoryIsRefused) {
  directory_ = "plugins";
  ExpectRefused("good.so", "PLUGIN_NAME", "not an absolute path");
}

TEST_F(PluginFileTest, SymbolicLinksAreRefusedAtEveryStep) {
  fs::create_symlink("good.so", directory_ / "link.so");
  ExpectRefused("link.so", "PLUGIN_UNSAFE_PATH", "link.so is a symbolic link");
  fs::create_directory_symlink(directory_, directory_ / "sub");
  ExpectRefused("sub/good.so", "PLUGIN_UNSAFE_PATH", "sub is a symbolic link");
  fs::create_directory_symlink(directory_, temp_.path() / "linked");
  directory_ = temp_.path() / "linked";
  ExpectRefused("good.so", "PLUGIN_UNSAFE_PATH", "linked is a symbolic link");
}

TEST_F(PluginFileTest, ALinkAboveTheDirectoryIsResolved) {
  fs::create_directory_symlink(temp_.path(), temp_.path() / "alias");
  directory_ = temp_.path() / "alias" / "plugins";
  EXPECT_TRUE(Open("good.so").ok()) << Open("good.so").status();
}

TEST_F(PluginFileTest, WhatEverybodyMayWriteIsRefused) {
  chmod((directory_ / "good.so").c_str(), 0666);
  ExpectRefused("good.so", "PLUGIN_UNSAFE_PATH", "good.so is writable for everybody");
  chmod((directory_ / "good.so").c_str(), 0644);
  // Sticky helps above the directory only: here everybody could still add a plugin.
  chmod(directory_.c_str(), 01777);
  ExpectRefused("good.so", "PLUGIN_UNSAFE_PATH", "plugins is writable for everybody");
  chmod(directory_.c_str(), 0755);
  chmod(temp_.path().c_str(), 0777);
  ExpectRefused("good.so", "PLUGIN_UNSAFE_PATH", "is writable for everybody");
  chmod(temp_.path().c_str(), 01777);
  EXPECT_TRUE(Open("good.so").ok());
}

TEST_F(PluginFileTest, OnlyRegularFilesAreRead) {
  fs::create_directory(directory_ / "folder.so");
  ExpectRefused("folder.so", "PLUGIN_UNSAFE_PATH", "not a regular file");
  ASSERT_EQ(mkfifo((directory_ / "fifo.so").c_str(), 0600), 0);
  ExpectRefused("fifo.so", "PLUGIN_UNSAFE_PATH", "not a regular file");
  ExpectRefused("good.so/inner.so", "PLUGIN_UNSAFE_PATH", "not a directory");
}

TEST_F(PluginFileTest, WhatIsNoLibraryOfThisMachineIsRefused) {
  std::ofstream(directory_ / "text.so") << "#!/bin/sh\necho hello\n";
  ExpectRefused("text.so", "PLUGIN_NOT_ELF", "text.so is not an ELF file");
  std::ofstream(directory_ / "empty.so") << "";
  ExpectRefused("empty.so", "PLUGIN_NOT_ELF", "empty.so is not an ELF file");

  std::string bytes = ReadFile((directory_ / "good.so").string());
  std::ofstream(directory_ / "half.so") << bytes.substr(0, bytes.size() / 2);
  ExpectRefused("half.so", "PLUGIN_NOT_ELF", "truncated");
  std::ofstream(directory_ / "head.so") << bytes.substr(0, 20);
  ExpectRefused("head.so", "PLUGIN_NOT_ELF", "truncated");
  bytes[18] = 0x28;  // e_machine: 32-bit ARM
  std::ofstream(directory_ / "arm.so") << bytes;
  ExpectRefused("arm.so", "PLUGIN_NOT_ELF", "another machine");
}

TEST_F(PluginFileTest, APinMustMatch) {
  const std::string sha256 = Sha256Hex(ReadFile((directory_ / "good.so").string()));
  EXPECT_TRUE(Open("good.so", sha256).ok());
  std::string upper = sha256;
  for (char& c : upper) c = static_cast<char>(std::toupper(c));
  EXPECT_TRUE(Open("good.so", upper).ok());

  const absl::Status wrong = Open("good.so", std::string(64, '0')).status();
  EXPECT_EQ(ReasonOf(wrong), "PLUGIN_PIN");
  EXPECT_TRUE(absl::IsFailedPrecondition(wrong));
  EXPECT_THAT(std::string(wrong.message()), HasSubstr(sha256));
  EXPECT_TRUE(absl::IsInvalidArgument(Open("good.so", "abc").status()));
  EXPECT_TRUE(absl::IsInvalidArgument(Open("good.so", std::string(64, 'g')).status()));
}

TEST_F(PluginFileTest, AFileReplacedAfterTheCheckIsNotWhatIsLoaded) {
  const auto file = Open("good.so");
  ASSERT_TRUE(file.ok()) << file.status();
  // In place, as `cp` does it: the mapped library of a naive host would change under it.
  std::ofstream(directory_ / "good.so", std::ios::trunc) << "not a library any more";
  const auto plugin = OpenInProcess(**file);
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  EXPECT_EQ((*plugin)->info().name, "scripted");
  EXPECT_EQ((*plugin)->info().sha256, (*file)->sha256());
  EXPECT_FALSE(Open("good.so").ok());
}

TEST_F(PluginFileTest, AFileReplacedAfterTheCheckIsNotWhatAWorkerLoads) {
  const auto file = Open("good.so");
  ASSERT_TRUE(file.ok()) << file.status();
  std::ofstream(directory_ / "good.so", std::ios::trunc) << "not a library any more";
  const auto plugin = OpenIsolated(*file, TestWorkers());
  ASSERT_TRUE(plugin.ok()) << plugin.status();
  EXPECT_EQ((*plugin)->info().sha256, (*file)->sha256());
  // And neither do those that take the place of the first.
  StageOptions options;
  options.stage = "test";
  options.config_json = R"({"do": "nothing"})";
  const auto stage = (*plugin)->StartStage(options);
  ASSERT_TRUE(stage.ok()) << stage.status();
  const auto output = (*stage)->Run({}, SampleTranscript());
  EXPECT_TRUE(output.ok()) << output.status();
}

TEST_F(PluginFileTest, TheBytesAreSealed) {
  const auto file = Open("good.so");
  ASSERT_TRUE(file.ok()) << file.status();
  const int descriptor = (*file)->descriptor();
  EXPECT_NE(pwrite(descriptor, "x", 1, 0), 1);
  EXPECT_NE(ftruncate(descriptor, 0), 0);
  EXPECT_EQ(mmap(nullptr, 1, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0), MAP_FAILED);
  EXPECT_NE(fcntl(descriptor, F_GETFD) & FD_CLOEXEC, 0);
}

TEST_F(PluginFileTest, EqualBytesShareOneDescriptor) {
  fs::copy_file(directory_ / "good.so", directory_ / "copy.so");
  const auto file = Open("good.so");
  const auto copy = Open("copy.so");
  ASSERT_TRUE(file.ok() && copy.ok());
  EXPECT_EQ((*copy)->descriptor(), (*file)->descriptor());
  EXPECT_THAT((*copy)->path(), HasSubstr("copy.so"));
}

TEST_F(PluginFileTest, TheDescriptorOfALoadedLibraryIsNeverUsedForAnother) {
  int descriptor = -1;
  {
    const auto file = Open("good.so");
    ASSERT_TRUE(file.ok());
    descriptor = (*file)->descriptor();
    ASSERT_TRUE(OpenInProcess(**file).ok());
  }
  EXPECT_NE(fcntl(descriptor, F_GETFD), -1);
  const auto again = Open("good.so");
  ASSERT_TRUE(again.ok());
  EXPECT_EQ((*again)->descriptor(), descriptor);
}

TEST_F(PluginFileTest, FilesInSubfoldersAndAbsolutePathsInsideAreFound) {
  fs::create_directory(directory_ / "acme");
  fs::copy_file(directory_ / "good.so", directory_ / "acme" / "own.so");
  EXPECT_TRUE(Open("acme/own.so").ok());
  EXPECT_TRUE(Open((directory_ / "acme/own.so").string()).ok());
  directory_ /= "";  // a trailing slash changes nothing
  EXPECT_TRUE(Open("acme/own.so").ok());
}

}  // namespace
}  // namespace cxscribe
