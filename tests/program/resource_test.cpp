#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "runner.h"

namespace athanor::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

class Resources : public testing::Test {
 protected:
  Error fails(const std::string& text) {
    auto error = runner.run(host, text);
    if (!error) throw std::logic_error("the program did not fail");
    return *error;
  }
  Declaration declares(const std::string& text) {
    FakeHost fresh;
    if (auto error = runner.run(fresh, text)) throw Error(*error);
    return fresh.declared.at(0);
  }
  Runner runner;
  FakeHost host;
};

TEST_F(Resources, AreNamedInEitherCasingAndTheirPropsToo) {
  for (const char* name : {"AWS.IVS.RecordingConfiguration", "AWS.ivs.recordingConfiguration",
                           "AWS.Ivs.RecordingConfiguration"}) {
    const auto declaration = declares(std::string("await ") + name +
                                      "('r', { destinationConfiguration: { S3: { bucketName: 'b' } } });");
    EXPECT_EQ(declaration.type, "AWS::IVS::RecordingConfiguration");
    EXPECT_EQ(declaration.props, Json::parse(R"({"DestinationConfiguration":{"S3":{"BucketName":"b"}}})"));
  }
}

TEST_F(Resources, KnowWhereTheyAreDeclared) {
  const auto declaration = declares(
      "import AWS from 'alchemy/aws/control';\nfunction channel(id: string) {\n  return AWS.IVS.Channel(id, "
      "{});\n}\nawait channel('c');");
  EXPECT_EQ(toString(declaration.source), runner.path("main.ts") + ":3:18");
}

TEST_F(Resources, TakePropsAsJson) {
  const auto declaration = declares(
      "await AWS.S3.Bucket('b', { bucketName: String('x'), tags: [{ key: 'when', value: new Date(0) }], "
      "accelerateConfiguration: undefined, versioningConfiguration: Object.create({ inherited: 1 }), "
      "metricsConfigurations: [{ id: 1n, prefix: new URL('http://a/b') }], n: [1, 1.5, -0, null, true] });");
  EXPECT_EQ(declaration.props["BucketName"], "x");
  EXPECT_EQ(declaration.props["Tags"][0]["Value"], "1970-01-01T00:00:00.000Z");
  EXPECT_FALSE(declaration.props.contains("AccelerateConfiguration"));
  EXPECT_EQ(declaration.props["VersioningConfiguration"], Json::object());
  EXPECT_EQ(declaration.props["MetricsConfigurations"][0]["Prefix"], "http://a/b");
  EXPECT_EQ(declaration.props["n"], Json::parse("[1,1.5,0,null,true]"));
}

TEST_F(Resources, NameThePathOfWhatIsNoJson) {
  const auto path = [&](const std::string& props) {
    const auto error =
        fails("const loop: any = []; loop.push(loop);\nawait AWS.IVS.Channel('c', " + props + ");");
    EXPECT_EQ(error.code(), ErrorCode::validation);
    EXPECT_EQ(error.resource(), "c");
    EXPECT_EQ(error.place().line, 2);
    return error.path() + ": " + error.what();
  };
  EXPECT_EQ(path("{ name: () => 1 }"), "name: a function cannot be a property's value");
  EXPECT_EQ(path("{ tags: [{ key: Symbol('s') }] }"), "tags[0].key: a symbol cannot be a property's value");
  EXPECT_EQ(path("{ tags: loop }"), "tags[0]: the value contains itself");
  EXPECT_EQ(path("{ tags: [undefined] }"), "tags[0]: the item is undefined");
  EXPECT_EQ(path("{ tags: new Map() }"), "tags: a Map cannot be a property's value");
  EXPECT_EQ(path("{ a: 1n << 60n }"), "a: the bigint is larger than a number can hold exactly");
  EXPECT_EQ(path("{ a: NaN }"), "a: the number is NaN");
  EXPECT_EQ(path("{ a: Promise.resolve(1) }"), "a: this is a promise");
  EXPECT_EQ(path("{ a: { '$athanor.ref': 1 } }"),
            "a.$athanor.ref: names that begin with \"$athanor.\" are Athanor's own");
  EXPECT_EQ(path("[]"), ": the properties must be an object, not a list");
  EXPECT_EQ(path("await AWS.IVS.Channel('d', {})"),
            ": this is the whole resource \"d\", not one of its properties");
}

TEST_F(Resources, LetAnErrorOfAGetterThrough) {
  EXPECT_STREQ(
      fails("await AWS.IVS.Channel('c', { get name() { throw new Error('from the getter'); } });").what(),
      "from the getter");
}

TEST_F(Resources, TakeOptionsAsThirdArgumentOrAmongTheProps) {
  const auto third = declares("const other = await AWS.IVS.Channel('o', {});\n").options;
  EXPECT_EQ(third, Options{});
  FakeHost fresh;
  ASSERT_FALSE(
      runner.run(fresh,
                 "const other = await AWS.IVS.Channel('other', {});\n"
                 "await AWS.IVS.Channel('c', {}, { adopt: true, protect: true, retain: true, region: "
                 "'eu-west-1', profile: 'p', "
                 "timeout: '10m', dependsOn: [other, 'third'], ignoreChanges: ['tags[0].key', '/Name', "
                 "'latencyMode'] });\n"
                 "await AWS.IVS.Channel('d', { name: 'n', adopt: true, timeout: 90, dependsOn: other });"));
  const auto& options = fresh.declared[1].options;
  EXPECT_TRUE(options.adopt && options.protect && options.retain);
  EXPECT_EQ(options.region, "eu-west-1");
  EXPECT_EQ(options.profile, "p");
  EXPECT_EQ(options.timeout, std::chrono::minutes(10));
  EXPECT_THAT(options.dependsOn, ElementsAre("other", "third"));
  EXPECT_THAT(options.ignoreChanges, ElementsAre("/Tags/0/Key", "/Name", "/LatencyMode"));
  EXPECT_EQ(fresh.declared[2].props, Json::parse(R"({"Name":"n"})"));
  EXPECT_TRUE(fresh.declared[2].options.adopt);
  EXPECT_EQ(fresh.declared[2].options.timeout, std::chrono::seconds(90));
}

TEST_F(Resources, KeepAPropertyThatIsNamedLikeAnOption) {
  const auto declaration = declares("await AWS.Lambda.Function('f', { timeout: 30 });");
  EXPECT_EQ(declaration.props["Timeout"], 30);
  EXPECT_FALSE(declaration.options.timeout);
}

TEST_F(Resources, RefuseOptionsThatMakeNoSense) {
  const auto hint = [&](const std::string& options) {
    const auto error = fails("await AWS.IVS.Channel('c', {}, " + options + ");");
    return error.path() + ": " + error.what() + (error.hint().empty() ? "" : " " + error.hint());
  };
  EXPECT_EQ(hint("{ dependOn: [] }"),
            "dependOn: there is no option \"dependOn\" Did you mean \"dependsOn\"?");
  EXPECT_EQ(hint("{ protect: 'yes' }"), "protect: expected true or false, found \"yes\"");
  EXPECT_EQ(hint("{ timeout: 'soon' }"),
            "timeout: expected seconds, or a text such as \"90s\", \"10m\" or \"2h\", found \"soon\"");
  EXPECT_EQ(hint("{ ignoreChanges: ['tgas'] }"),
            "ignoreChanges[0]: AWS::IVS::Channel has no property \"tgas\" Did you mean \"tags\"?");
  EXPECT_EQ(hint("{ dependsOn: [1] }"), "dependsOn[0]: expected an id or a resource, found 1");
  EXPECT_EQ(hint("true"), "options: expected an object, found true");
}

TEST_F(Resources, NameTheNearestTypeWhereTheCallStands) {
  const auto error = fails("\nawait AWS.IVS.RecordingConfig('x', {});");
  EXPECT_EQ(error.code(), ErrorCode::validation);
  EXPECT_STREQ(error.what(), "AWS has no resource type AWS.IVS.RecordingConfig");
  EXPECT_EQ(error.hint(), "Did you mean AWS.IVS.RecordingConfiguration?");
  EXPECT_EQ(toString(error.place()), runner.path("main.ts") + ":2:15");
  EXPECT_THAT(fails("await AWS.IVS.Channel();").what(), HasSubstr("needs an id"));
}

TEST_F(Resources, OfUnknownTypesGoToTheHostInThePreviewSoThatAllMistakesAreToldTogether) {
  FakeHost preview(true);
  ASSERT_FALSE(runner.run(preview,
                          "const r = await AWS.IVS.RecordingConfig('x', { a: 1, adopt: true });\n"
                          "await AWS.IVS.Channel('c', { name: r.arn, Name: r.tags[0] });"));
  ASSERT_EQ(preview.declared.size(), 2U);
  EXPECT_EQ(preview.declared[0].type, "AWS::IVS::RecordingConfig");
  EXPECT_EQ(preview.declared[0].props, Json::parse(R"({"a":1})"));
}

TEST_F(Resources, TellTheHostEveryMistakeOfACallInThePreviewAndGoOn) {
  FakeHost preview(true);
  const auto error = runner.run(
      preview,
      "const c = await AWS.IVS.Channel('c', { name: () => 1, tags: [{ key: 'k', value: Symbol() }], retain: "
      "1 },\n"
      "  { dependOn: [], timeout: 'soon' });\n"
      "await AWS.IVS.Channel({ name: 'x' });\n"
      "const read = await AWS.IVS.Channel.get('', { profil: 'p' });\n"
      "await AWS.IVS.Nothing.get('n');\n"
      "await AWS.IVS.StreamKey('k', { channelArn: c.arn, tags: [{ key: 'read', value: read.arn }] });");
  ASSERT_FALSE(error) << error->what();
  std::vector<std::string> told;
  for (const auto& mistake : preview.mistakes)
    told.push_back(std::to_string(mistake.place().line) + " " + mistake.resource() + " " + mistake.path() +
                   ": " + mistake.what());
  EXPECT_THAT(
      told,
      ElementsAre("1 c name: a function cannot be a property's value",
                  "1 c tags[0].value: a symbol cannot be a property's value",
                  "1 c retain: expected true or false, found 1",
                  "1 c dependOn: there is no option \"dependOn\"", HasSubstr("1 c timeout: expected seconds"),
                  HasSubstr("3  : AWS.IVS.Channel needs an id"), HasSubstr("needs an identifier"),
                  HasSubstr("5  : AWS has no resource type AWS.IVS.Nothing")));
  ASSERT_EQ(preview.declared.size(), 2U);
  EXPECT_TRUE(isUnknown(preview.declared[0].props["Name"]));
  EXPECT_EQ(preview.declared[0].props["Tags"][0]["Key"], "k");
  EXPECT_EQ(preview.declared[1].id, "k");
  EXPECT_TRUE(preview.got.empty());
}

TEST_F(Resources, AreNoThenables) {
  EXPECT_EQ(runner.printed("console.log((await AWS) === AWS, (await AWS.IVS) === AWS.IVS, (await "
                           "AWS.IVS.Channel) === AWS.IVS.Channel);"),
            Lines{"true true true"});
}

TEST_F(Resources, GiveOutputsInCamelCaseWithGettersInAwssCasing) {
  EXPECT_EQ(
      runner.printed("const r = await AWS.IVS.RecordingConfiguration('r', { destinationConfiguration: { s3: "
                     "{ bucketName: 'b' } }, tags: [{ key: 'k', value: 'v' }] });\n"
                     "console.log(JSON.stringify(r), Object.keys(r));\n"
                     "console.log(r.DestinationConfiguration.S3.BucketName, r.Tags[0].Key, r.$id, r.id, "
                     "r.$type, 'Arn' in r);"),
      (Lines{
          R"({"arn":"arn:test:r","destinationConfiguration":{"s3":{"bucketName":"b"}},"tags":[{"key":"k","value":"v"}]} [ 'arn', 'destinationConfiguration', 'tags' ])",
          "b k arn:test:r arn:test:r AWS::IVS::RecordingConfiguration true"}));
}

TEST_F(Resources, LeaveFreeFormOutputsAlone) {
  EXPECT_EQ(
      runner.printed("const r = await AWS.IAM.Role('r', { assumeRolePolicyDocument: { Version: '2012-10-17', "
                     "Statement: [{ Effect: 'Allow' }] } });\nconsole.log(r.assumeRolePolicyDocument);"),
      Lines{"{ Statement: [ { Effect: 'Allow' } ], Version: '2012-10-17' }"});
}

TEST_F(Resources, CanBeReadWithoutBeingManaged) {
  ASSERT_FALSE(runner.run(host,
                          "const c = await AWS.IVS.Channel.get('arn:x', { region: 'eu-west-1' "
                          "});\nconsole.log(c.arn, c.$id, c.name);"));
  ASSERT_EQ(host.got.size(), 1U);
  EXPECT_EQ(host.got[0].type, "AWS::IVS::Channel");
  EXPECT_EQ(host.got[0].options.region, "eu-west-1");
  EXPECT_EQ(host.printed, Lines{"arn:x arn:x read"});
  EXPECT_TRUE(host.declared.empty());
}

TEST_F(Resources, TellTheTargetOnlyToThoseWhoAsk) {
  ASSERT_FALSE(runner.run(host, "console.log(AWS.accountId, AWS.region, AWS.partition);"));
  EXPECT_EQ(host.printed, Lines{"123456789012 eu-west-1 aws"});
  EXPECT_EQ(host.targetsAsked, 1);
  FakeHost other;
  runner.write("later.ts", "export const where = AWS.region;");
  ASSERT_FALSE(runner.run(other, "console.log((await import('./later')).where);"));
  EXPECT_EQ(other.printed, Lines{"eu-west-1"});
  FakeHost third;
  ASSERT_FALSE(runner.run(third, "await AWS.IVS.Channel('c', {});"));
  EXPECT_EQ(third.targetsAsked, 0);
}

Later<> held;
Task<engine::Outputs> answerLater(Declaration declaration) {
  if (declaration.id == "slow") co_await Later<>(held);
  co_return engine::Outputs{
      .type = declaration.type, .id = declaration.id, .identifier = declaration.id, .values = {}};
}

TEST_F(Resources, SettleInTheOrderTheHostAnswers) {
  held = Later<>();
  host.answer = answerLater;
  runner.loop.after(std::chrono::seconds(5), [] { held.resolve(); });
  ASSERT_FALSE(
      runner.run(host,
                 "const slow = AWS.IVS.Channel('slow', {}).then((c) => console.log(c.$id));\n"
                 "console.log((await AWS.IVS.Channel('fast', {})).$id);\nawait slow;\nconsole.log('end');"));
  EXPECT_EQ(host.printed, (Lines{"fast", "slow", "end"}));
}

TEST_F(Resources, AreWaitedForEvenWhereNothingAwaitsThem) {
  held = Later<>();
  host.answer = answerLater;
  bool answered = false;
  runner.loop.after(std::chrono::seconds(5), [&] { answered = true, held.resolve(); });
  ASSERT_FALSE(runner.run(host, "AWS.IVS.Channel('slow', {});"));
  EXPECT_TRUE(answered);
}

TEST_F(Resources, OfAnEndedPassAreAnsweredToNobody) {
  held = Later<>();
  host.answer = answerLater;
  EXPECT_TRUE(runner.run(
      host, "AWS.IVS.Channel('slow', {}).finally(() => console.log('answered'));\nprocess.exit(1);"));
  held.resolve();
  int turns = 0;
  runner.loop.post([&] { ++turns; });
  runner.loop.runUntil([&] { return turns > 0; });
  EXPECT_TRUE(host.printed.empty());
}

TEST_F(Resources, TakeTheDefaultTagsThatStandBeforeThem) {
  const auto error = runner.run(host, R"(
    await AWS.S3.Bucket("before", {});
    AWS.defaultTags({ team: "video", stage: "prod", none: undefined });
    await AWS.S3.Bucket("list", { tags: [{ key: "team", value: "audio" }] });
    await AWS.ApiGatewayV2.Api("map", { tags: { own: "1" } });
    await AWS.S3.BucketPolicy("without", { bucket: "b" });
    AWS.defaultTags({ team: "radio" });
    await AWS.S3.Bucket("after", {});
    AWS.defaultTags({});
    await AWS.S3.Bucket("free", {});
  )");
  ASSERT_FALSE(error) << error->what();
  const auto& all = host.declared;
  EXPECT_FALSE(all[0].props.contains("Tags"));
  EXPECT_EQ(all[1].props["Tags"],
            Json::parse(R"([{"Key":"team","Value":"audio"},{"Key":"stage","Value":"prod"}])"));
  EXPECT_EQ(all[2].props["Tags"], Json::parse(R"({"own":"1","stage":"prod","team":"video"})"));
  EXPECT_FALSE(all[3].props.contains("Tags"));
  EXPECT_EQ(all[4].props["Tags"], Json::parse(R"([{"Key":"team","Value":"radio"}])"));
  EXPECT_FALSE(all[5].props.contains("Tags"));
}

TEST_F(Resources, TakeDefaultTagsThatAreNotKnownYet) {
  FakeHost preview(true);
  const auto error = runner.run(preview, R"(
    const channel = await AWS.IVS.Channel("channel", {});
    AWS.defaultTags({ channel: channel.arn });
    await AWS.S3.Bucket("bucket", {});
    await AWS.S3.Bucket("lost", { tags: [{ key: channel.arn, value: "v" }] });
  )");
  ASSERT_EQ(preview.declared.size(), 2U) << (error ? error->what() : "");
  EXPECT_EQ(preview.declared[1].props["Tags"][0]["Value"], refer({"channel", "/Arn"}));
  ASSERT_EQ(preview.needs.size(), 1U);
  EXPECT_THAT(preview.needs[0], HasSubstr("the keys of the tags of AWS.S3.Bucket \"lost\""));
}

TEST_F(Resources, TakeNothingButTextsForDefaultTags) {
  EXPECT_THAT(fails("AWS.defaultTags({ team: 1 });").what(),
              HasSubstr("the default tag \"team\" is no text"));
  EXPECT_THAT(fails("AWS.defaultTags('team');").what(),
              HasSubstr("AWS.defaultTags needs an object of texts"));
  EXPECT_THAT(fails("AWS.defaultTags();").what(), HasSubstr("AWS.defaultTags needs an object of texts"));
  EXPECT_THAT(fails("import alchemy from 'alchemy'; AWS.defaultTags({ team: alchemy.secret('s') });").what(),
              HasSubstr("is no text"));
}

}  // namespace
}  // namespace athanor::test
