#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "runner.h"

namespace athanor::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;
constexpr auto import = "import alchemy, { secret } from 'alchemy';\n";

class Secrets : public testing::Test {
 protected:
  Declaration declares(const std::string& text) {
    FakeHost fresh;
    if (auto error = runner.run(fresh, import + text)) throw Error(*error);
    return fresh.declared.at(0);
  }
  Error fails(const std::string& text) {
    auto error = runner.run(host, import + text);
    if (!error) throw std::logic_error("the program did not fail");
    return *error;
  }
  Runner runner;
  FakeHost host;
};

TEST_F(Secrets, AreGivenAsPlainValuesWithTheirPlaces) {
  const auto declaration = declares(
      "await AWS.SSM.Parameter('p', { type: 'String', value: alchemy.secret('hunter2!'),\n"
      "  tags: { 'a/b': secret(7), plain: 'x', inner: [secret({ deep: 'deep down' })] } });");
  EXPECT_EQ(declaration.props["Value"], "hunter2!");
  EXPECT_EQ(declaration.props["Tags"]["a/b"], 7);
  EXPECT_EQ(declaration.props["Tags"]["inner"][0]["deep"], "deep down");
  EXPECT_THAT(declaration.secrets, ElementsAre("/Tags/a~1b", "/Tags/inner/0", "/Value"));
}

TEST_F(Secrets, OfWholeObjectsAreSettledToAwssCasing) {
  const auto declaration = declares(
      "await AWS.IVS.RecordingConfiguration('r', { destinationConfiguration: secret({ s3: { bucketName: "
      "secret('b')"
      " } }) });");
  EXPECT_EQ(declaration.props, Json::parse(R"({"DestinationConfiguration":{"S3":{"BucketName":"b"}}})"));
  EXPECT_EQ(declaration.secrets.front(), "/DestinationConfiguration");
}

TEST_F(Secrets, AreToldToTheHostWhenTheyAreMade) {
  ASSERT_FALSE(runner.run(host, std::string(import) + "secret('one'); secret(secret('two')); secret(3);"));
  EXPECT_EQ(host.secrets, (std::vector<Json>{"one", "two", "two", 3}));
}

TEST_F(Secrets, MayHoldWhatIsNotKnownYet) {
  FakeHost preview(true);
  ASSERT_FALSE(runner.run(preview, std::string(import) +
                                       "const c = await AWS.IVS.Channel('c', {});\n"
                                       "await AWS.SSM.Parameter('p', { value: secret(c.arn) });"));
  EXPECT_EQ(preview.declared.at(1).props["Value"], refer({"c", "/Arn"}));
  EXPECT_THAT(preview.declared[1].secrets, ElementsAre("/Value"));
}

TEST_F(Secrets, NeverShowThemselves) {
  EXPECT_EQ(runner.printed(std::string(import) +
                           "const s = secret('hunter2!', 'password');\n"
                           "console.log(s); console.log('%s %o %j', s, s, s); console.log({ s }, [s]);\n"
                           "console.log(`${s}`, s + '', JSON.stringify({ s }), Object.keys(s), { ...s });\n"
                           "console.log(s.name, s.type, structuredClone(s), s.unencrypted.length);"),
            (Lines{"(secret)", "(secret) (secret) \"(secret)\"", "{ s: (secret) } [ (secret) ]",
                   "(secret) (secret) {\"s\":\"(secret)\"} [] {}", "password secret {} 8"}));
}

TEST_F(Secrets, ThatWereMadeIntoTextAreRefusedAmongTheProps) {
  const auto error = fails(
      "const s = secret('x');\n"
      "await AWS.SSM.Parameter('p', { type: 'String', value: `postgres://u:${s}@h` });");
  EXPECT_EQ(error.path(), "value");
  EXPECT_THAT(error.what(), HasSubstr("made from a secret"));
  EXPECT_THAT(error.hint(), HasSubstr(".unencrypted"));
  EXPECT_EQ(
      declares("await AWS.SSM.Parameter('p', { type: 'String', value: 'a (secret) word' });").props["Value"],
      "a (secret) word");
}

TEST_F(Secrets, ComeFromTheEnvironment) {
  runner.options.environment = {{"TOKEN", "t0ken"}};
  EXPECT_EQ(declares("await AWS.SSM.Parameter('p', { value: alchemy.secret.env.TOKEN });").secrets,
            Lines{"/Value"});
  EXPECT_EQ(
      declares("await AWS.SSM.Parameter('p', { value: alchemy.secret(process.env.TOKEN) });").props["Value"],
      "t0ken");
  EXPECT_EQ(
      runner.printed(std::string(import) +
                     "console.log(alchemy.env.TOKEN, alchemy.env('TOKEN'), alchemy.env('NO', 'given'),\n"
                     "  alchemy.secret.env('NO', 'given').unencrypted, alchemy.secret.env.TOKEN.name);"),
      Lines{"t0ken t0ken given given TOKEN"});
  EXPECT_THAT(fails("alchemy.secret.env.NOT_THERE;").what(),
              HasSubstr("the environment variable NOT_THERE is not set"));
  EXPECT_THAT(fails("alchemy.env.NOT_THERE;").what(),
              HasSubstr("the environment variable NOT_THERE is not set"));
  EXPECT_THAT(fails("alchemy.secret(process.env.NOT_THERE);").what(), HasSubstr("cannot be undefined"));
}

TEST_F(Secrets, AreNoIdsAndNoOptions) {
  EXPECT_THAT(fails("await AWS.IVS.Channel(secret('id'), {});").what(),
              HasSubstr("the id of AWS.IVS.Channel is a"));
  EXPECT_THAT(fails("await AWS.IVS.Channel('c', {}, { region: secret('eu-west-1') });").what(),
              HasSubstr("found a secret"));
  EXPECT_THAT(fails("await AWS.IVS.Channel('c', {}, { protect: secret(true) });").what(),
              HasSubstr("found a secret"));
  EXPECT_THAT(fails("await AWS.IVS.Channel('c', secret({ name: 'n' }));").what(),
              HasSubstr("cannot be a secret as a whole"));
  EXPECT_THAT(fails("await secret(Promise.resolve('x'));").what(), HasSubstr("`await`"));
}

}  // namespace
}  // namespace athanor::test
