#include "cli/typescript_text.h"

#include <gtest/gtest.h>

#include "base/reference.h"

namespace athanor::cli {
namespace {

const Reference arn{"recording", "/Arn"};

TEST(Typescript, WritesAShortValueOnOneLine) {
  EXPECT_EQ(typescriptValue({{"s3", {{"bucketName", "b"}}}}), R"({ s3: { bucketName: "b" } })");
  EXPECT_EQ(typescriptValue({1, 2.5, true, nullptr}), "[1, 2.5, true, null]");
  EXPECT_EQ(typescriptValue(Json::object()), "{}");
  EXPECT_EQ(typescriptValue(Json::array()), "[]");
}

TEST(Typescript, BreaksAValueThatIsTooLongForItsLine) {
  const std::string name(60, 'x');
  EXPECT_EQ(typescriptValue({{"a", name}, {"list", {name, {{"b", 1}}}}}, 2),
            "{\n    a: \"" + name + "\",\n    list: [\"" + name + "\", { b: 1 }],\n  }");
  EXPECT_EQ(typescriptValue({name, name}), "[\n  \"" + name + "\",\n  \"" + name + "\",\n]");
}

TEST(Typescript, KeepsWithinTheColumnThatAValueBeginsAt) {
  const Json value{{"a", std::string(40, 'x')}};
  EXPECT_EQ(typescriptValue(value, 0, 20).find('\n'), std::string::npos);
  EXPECT_NE(typescriptValue(value, 0, 60).find('\n'), std::string::npos);
}

TEST(Typescript, QuotesKeysThatAreNoNames) {
  EXPECT_EQ(typescriptValue({{"aws:SourceArn", 1}}), R"({ "aws:SourceArn": 1 })");
  EXPECT_EQ(typescriptValue({{"1st", 1}}), R"({ "1st": 1 })");
  EXPECT_EQ(typescriptValue({{"", 1}}), R"({ "": 1 })");
  EXPECT_EQ(typescriptValue({{"$ref_1", 1}}), "{ $ref_1: 1 }");
}

TEST(Typescript, TakesKeywordsAsKeysButNoPrototype) {
  EXPECT_EQ(typescriptValue({{"default", 1}}), "{ default: 1 }");
  EXPECT_EQ(typescriptValue({{"__proto__", 1}}), R"({ ["__proto__"]: 1 })");
}

TEST(Typescript, EscapesTexts) {
  EXPECT_EQ(typescriptValue("quo\"te\\\n\t\x01"), R"("quo\"te\\\n\t\u0001")");
  EXPECT_EQ(typescriptValue("${no template} `"), R"("${no template} `")");
  EXPECT_EQ(typescriptValue("Köln"), "\"Köln\"");
}

TEST(Typescript, WritesAReferenceAsTheOutputOfAVariable) {
  EXPECT_EQ(typescriptValue({{"arn", refer(arn)}}), "{ arn: recording.arn }");
  EXPECT_EQ(typescriptValue(refer({"my-db", "/Endpoints/0/DBPort"})), "my_db.endpoints[0].dbPort");
  EXPECT_EQ(typescriptValue(refer({"x", "/a~1b"})), R"(x["a/b"])");
}

TEST(Typescript, WritesATextWithReferencesAsATemplate) {
  EXPECT_EQ(typescriptValue(text({"say \"`${x}`\"\n", refer(arn), "/*"})),
            R"(`say "\`\${x}\`"\n${recording.arn}/*`)");
}

TEST(Typescript, NamesNoVariableAsTheLanguageDoes) {
  EXPECT_EQ(variableName("channel"), "channel");
  EXPECT_EQ(variableName("default"), "default_");
  EXPECT_EQ(variableName("AWS"), "AWS_");
  EXPECT_EQ(variableName("match-recordings"), "match_recordings");
  EXPECT_EQ(variableName("1st"), "_1st");
  EXPECT_EQ(variableName(""), "_");
}

TEST(Typescript, DeclaresAResource) {
  EXPECT_EQ(typescriptText({.type = "AWS::IVS::Channel", .id = "live", .props = {{"name", "live"}}}),
            "const live = await AWS.IVS.Channel(\"live\", {\n  name: \"live\",\n});\n");
  EXPECT_EQ(typescriptText({.type = "AWS::SQS::Queue", .id = "queue"}),
            "const queue = await AWS.SQS.Queue(\"queue\", {});\n");
}

TEST(Typescript, DeclaresAResourceWithCommentsAndOptions) {
  EXPECT_EQ(typescriptText({.type = "AWS::X::Y",
                            .id = "new",
                            .props = {{"a", 1}},
                            .options = {{"ignoreChanges", {"code"}}},
                            .comments = {"add code"}}),
            "const new_ = await AWS.X.Y(\"new\", {\n  // add code\n  a: 1,\n}, { ignoreChanges: [\"code\"] "
            "});\n");
}

}  // namespace
}  // namespace athanor::cli
