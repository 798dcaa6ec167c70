#include "cli/error_text.h"

#include "engine/deployment.h"
#include "golden.h"

namespace athanor::cli {
namespace {

Error mistake(const char* file, int line, const char* id, const char* path, const char* what) {
  return Error(ErrorCode::validation, what).at({file, line, 3}).of(id).in(path);
}

engine::InvalidProgram invalid() {
  return engine::InvalidProgram(
      {mistake("/me/basic.ts", 3, "basicRecordingConfig", "recordingReconnectWindowSeconds",
               "recordingReconnectWindowSeconds is 301; it takes an integer from 0 to 300"),
       mistake("/me/lib/channel.ts", 8, "channel", "latencyMode", "\"FAST\" is not one of NORMAL, LOW")
           .next("Did you mean \"LOW\"?"),
       mistake("/me/basic.ts", 9, "key", "", "AWS::IVS::StreamKeys is no resource type")
           .with("  9 | await AWS.IVS.StreamKeys(\"key\", {\n    |           ^")});
}

TEST(ErrorText, SaysWhatWhereWhyAndWhatNext) {
  const auto error = Error(ErrorCode::program, "basic is not defined")
                         .at({"/me/basic.ts", 7, 5})
                         .of("channel")
                         .in("tags[0].key")
                         .with("  7 | basic.arn\n    | ^\n    at main (basic.ts:7:5)")
                         .next("Declare it before it is used.");
  test::expectGolden("error.txt", errorText(error, {}, "/me"));
  test::expectGolden("error-colour.txt", errorText(error, {.colour = true}, "/me"));
}

TEST(ErrorText, OfASimpleFailureIsOneLine) {
  EXPECT_EQ(errorText(Error(ErrorCode::conflict, "the port 4566 is in use"), {}, "/me"),
            "error: the port 4566 is in use\n");
  EXPECT_EQ(errorText(std::runtime_error("bad\x1b[2J"), {}, "/me"), "error: bad\uFFFD[2J\n");
}

TEST(ErrorText, ShowsEveryMistakeOfAProgramGroupedByFile) {
  test::expectGolden("mistakes.txt", errorText(invalid(), {}, "/me"));
}

TEST(ErrorJson, CarriesWhatIsKnown) {
  EXPECT_EQ(errorJson(mistake("/me/basic.ts", 3, "a", "b", "no").next("do")), Json({{"code", "validation"},
                                                                                    {"message", "no"},
                                                                                    {"file", "/me/basic.ts"},
                                                                                    {"line", 3},
                                                                                    {"column", 3},
                                                                                    {"resource", "a"},
                                                                                    {"path", "b"},
                                                                                    {"hint", "do"}}));
  EXPECT_EQ(errorJson(Error(ErrorCode::conflict, "taken")),
            Json({{"code", "conflict"}, {"message", "taken"}}));
}

TEST(ErrorJson, OfAnInvalidProgramHasEveryMistake) {
  const auto json = errorJson(invalid());
  ASSERT_EQ(json["mistakes"].size(), 3U);
  EXPECT_EQ(json["mistakes"][1]["resource"], "channel");
}

}  // namespace
}  // namespace athanor::cli
