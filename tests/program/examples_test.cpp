#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner.h"

namespace athanor::test {
namespace {

class Examples : public testing::TestWithParam<std::string> {};

TEST_P(Examples, RunVerbatimInBothPassesAndDeclareTheSame) {
  Runner runner;
  const auto file = std::filesystem::path(ATHANOR_SOURCE_DIR) / "examples" / GetParam();
  const auto program = program::typescriptProgram(javascript(), file, catalogue(), runner.loop);
  FakeHost preview(true);
  FakeHost replay(false);
  runTask(runner.loop, program->run(preview));
  runTask(runner.loop, program->run(replay));
  ASSERT_EQ(preview.declared.size(), 1U);
  ASSERT_EQ(replay.declared.size(), 1U);
  EXPECT_EQ(preview.declared[0].type, "AWS::IVS::RecordingConfiguration");
  EXPECT_EQ(preview.declared[0].props, replay.declared[0].props);
  EXPECT_TRUE(preview.declared[0].props["DestinationConfiguration"]["S3"]["BucketName"].is_string());
  EXPECT_EQ(preview.declared[0].source.file, file.string());
  EXPECT_GT(preview.declared[0].source.line, 0);
}

INSTANTIATE_TEST_SUITE_P(OfTheDocument, Examples,
                         testing::Values("basic.ts", "advanced.ts", "reconnect-window.ts", "thumbnails.ts"),
                         [](const auto& info) {
                           auto name = info.param.substr(0, info.param.find('.'));
                           std::erase(name, '-');
                           return name;
                         });

}  // namespace
}  // namespace athanor::test
