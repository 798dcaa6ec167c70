#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "base/reference.h"
#include "runner.h"

namespace athanor::test {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using Lines = std::vector<std::string>;

/// A preview in which `r` is a recording configuration whose Arn and the like are not known.
class Unknowns : public testing::Test {
 protected:
  void runs(const std::string& text) {
    const auto error =
        runner.run(host, "const r = await AWS.IVS.RecordingConfiguration('r', { name: 'known' });\n" + text);
    if (error) throw Error(*error);
  }
  std::string needs(const std::string& text) {
    FakeHost fresh(true);
    const auto error = runner.run(
        fresh, "const r = await AWS.IVS.RecordingConfiguration('r', { name: 'known' });\ntry {\n" + text +
                   "\n} catch { console.log('caught'); } finally { console.log('finally'); }");
    if (error) return std::string("error: ") + error->what();
    EXPECT_THAT(fresh.printed, IsEmpty()) << text;
    if (fresh.needs.empty()) return "";
    return fresh.needs.at(0).substr(0, fresh.needs.at(0).find(' '));
  }
  Json name(const std::string& expression) {
    FakeHost fresh(true);
    const auto error = runner.run(fresh,
                                  "const r = await AWS.IVS.RecordingConfiguration('r', { name: 'known' "
                                  "});\nawait AWS.IVS.Channel('c', { name: " +
                                      expression + " });");
    if (error) return Json(std::string("error: ") + error->what());
    return fresh.declared.at(1).props["Name"];
  }
  Runner runner;
  FakeHost host{true};
};

const Json arn = refer({"r", "/Arn"});

TEST_F(Unknowns, ArePassedOnAsReferences) {
  EXPECT_EQ(name("r.arn"), arn);
  EXPECT_EQ(name("r.Arn"), arn);
  EXPECT_EQ(name("await r.arn"), arn);
  EXPECT_EQ(name("r.destinationConfiguration.s3.bucketName"),
            refer({"r", "/DestinationConfiguration/S3/BucketName"}));
  EXPECT_EQ(name("r.tags[0].value"), refer({"r", "/Tags/0/Value"}));
  EXPECT_EQ(name("r.$id"), arn);
  EXPECT_EQ(name("r.name"), "known");
}

TEST_F(Unknowns, StayReferencesInsideText) {
  EXPECT_EQ(name("`a-${r.arn}-b`"), text({"a-", arn, "-b"}));
  EXPECT_EQ(name("'a' + r.arn"), text({"a", arn}));
  EXPECT_EQ(name("String(r.arn)"), arn);
  EXPECT_EQ(name("['x', r.arn, r.name].join('/')"), text({"x/", arn, "/known"}));
  EXPECT_EQ(name("JSON.stringify({ Resource: [r.arn] })"), text({"{\"Resource\":[\"", arn, "\"]}"}));
  EXPECT_EQ(name("'a'.concat(r.arn)"), text({"a", arn}));
}

TEST_F(Unknowns, AreToldOfOnceTheProgramReadsOne) {
  runs("r.name;\nawait r;\n");
  EXPECT_FALSE(host.unknownRead);
  runs("if (r.arn === 'x') r.name;\n");
  EXPECT_TRUE(host.unknownRead);
}

TEST_F(Unknowns, ThatAreNeededEndTheRunAndNothingHoldsItUp) {
  EXPECT_EQ(needs("r.arn.split('/');"), "r.arn");
  EXPECT_EQ(needs("r.arn.length;"), "r.arn");
  EXPECT_EQ(needs("`x${r.arn}`.toUpperCase();"), "r.arn");
  EXPECT_EQ(needs("for (const t of r.tags) console.log(t);"), "r.tags");
  EXPECT_EQ(needs("r.tags.map((t) => t);"), "r.tags");
  EXPECT_EQ(needs("[...r.tags];"), "r.tags");
  EXPECT_EQ(needs("r.recordingReconnectWindowSeconds + 1;"), "r.recordingReconnectWindowSeconds");
  EXPECT_EQ(needs("Number(r.arn);"), "r.arn");
  EXPECT_EQ(needs("r.arn < 'b' || r.arn * 2;"), "r.arn");
  EXPECT_EQ(needs("Object.keys(r.destinationConfiguration);"), "r.destinationConfiguration");
  EXPECT_EQ(needs("'x' in r.destinationConfiguration;"), "r.destinationConfiguration");
  EXPECT_EQ(needs("({ ...r });"), "r");
  EXPECT_EQ(needs("/x/.test(r.arn);"), "r.arn");
  EXPECT_EQ(needs("encodeURIComponent(r.arn);"), "r.arn");
  EXPECT_EQ(needs("await Promise.all([1].map(async () => { await null; r.arn.trim(); }));"), "r.arn");
  EXPECT_EQ(needs("await AWS.IVS.Channel(r.arn, {});"), "the");
  EXPECT_EQ(needs("new Date(r.arn);"), "r.arn");
  EXPECT_EQ(needs("Date.parse(`${r.arn}`);"), "r.arn");
  EXPECT_EQ(needs("new RegExp(r.arn);"), "r.arn");
  EXPECT_EQ(needs("'abc'.includes(r.arn);"), "r.arn");
  EXPECT_EQ(needs("'abc'.split(`${r.arn}`);"), "r.arn");
  EXPECT_EQ(needs("structuredClone({ a: [r.tags] });"), "r.tags");
  EXPECT_EQ(needs("structuredClone(r);"), "r");
}

TEST_F(Unknowns, ThatAreReadTwiceEqualThemselves) {
  runs("console.log(r.arn === r.Arn, new Set([r.tags, r.tags]).size, r.arn === r.name);");
  EXPECT_EQ(host.printed, Lines{"true 1 false"});
}

TEST_F(Unknowns, LeaveWhatIsKnownAsItIs) {
  runs(
      "console.log(r.arn, new Date(0).constructor === Date, new Date(0) instanceof Date, Date.UTC(1970), "
      "/a/ instanceof RegExp, RegExp('b').test('abc'), 'abc'.replace('b', r.arn), structuredClone({ a: 1 "
      "}));");
  EXPECT_EQ(host.printed, Lines{"<r.arn> true true 0 true true a<r.arn>c { a: 1 }"});
}

TEST_F(Unknowns, ThatAreOptionsAreNeeded) {
  for (const auto* option : {"timeout: r.recordingReconnectWindowSeconds", "protect: r.arn",
                             "region: `${r.name}${r.arn}`", "ignoreChanges: [r.arn]", "retain: r.tags"}) {
    FakeHost fresh(true);
    EXPECT_FALSE(runner.run(fresh,
                            "const r = await AWS.IVS.RecordingConfiguration('r', { name: 'known' });\n"
                            "await AWS.IVS.Channel('c', {}, { " +
                                std::string(option) + " });"));
    EXPECT_THAT(fresh.needs, ElementsAre(testing::StartsWith("the option "))) << option;
  }
}

TEST_F(Unknowns, TellWhereTheyWereNeeded) {
  runs("\nconst f = () =>\n  r.arn.split('/');\nf();");
  EXPECT_THAT(host.needs, ElementsAre("r.arn @ " + runner.path("main.ts") + ":4:3"));
}

TEST_F(Unknowns, DoNotRunOnAfterTheEnd) {
  runs(
      "setTimeout(() => console.log('timer'), 1);\nPromise.resolve().then(() => "
      "console.log('job'));\nr.arn.split('/');");
  EXPECT_THAT(host.printed, IsEmpty());
}

TEST_F(Unknowns, AreUndefinedWhereTheirTypeHasNoSuchProperty) {
  runs("console.log(r.nothing, r.arn.nothing, r.then, r.destinationConfiguration.nothing);");
  EXPECT_EQ(host.printed, Lines{"undefined undefined undefined undefined"});
}

TEST_F(Unknowns, AreShownByNameOnTheConsole) {
  runs(
      "console.log(r.arn, `x${r.arn}`, { a: [r.arn, `${r.arn}y`] }, r);\nconsole.log('%s!', r.tags[0].key);");
  EXPECT_EQ(host.printed,
            (Lines{"<r.arn> x<r.arn> { a: [ <r.arn>, '<r.arn>y' ] } { name: 'known' }", "<r.tags[0].key>!"}));
}

TEST_F(Unknowns, CanBeDependedUpon) {
  runs("await AWS.IVS.Channel('c', {}, { dependsOn: [r, r.arn, `${r.arn}`] });");
  EXPECT_THAT(host.declared.at(1).options.dependsOn, ElementsAre("r", "r", "r"));
}

TEST_F(Unknowns, ThatNamePropertiesAreNeeded) {
  EXPECT_EQ(needs("await AWS.IVS.Channel('c', { tags: { [`${r.arn}:sub`]: 1 } });"), "r.arn");
  EXPECT_EQ(needs("await AWS.IAM.Role('p', { assumeRolePolicyDocument: { Condition: { [r.arn]: 1 } } });"),
            "r.arn");
}

TEST_F(Unknowns, InTextOfTheUsersOwnAreLeftAlone) {
  EXPECT_EQ(runner.printed("const c = await AWS.IVS.Channel('c', { name: '\\u{10F8A0}7\\u{10F8A1}' "
                           "});\nconsole.log(c.name.length);"),
            Lines{"5"});
}

TEST_F(Unknowns, OfFreeFormValuesHaveAllProperties) {
  ASSERT_FALSE(runner.run(host,
                          "const role = await AWS.IAM.Role('role', {});\nawait AWS.IVS.Channel('c', { name: "
                          "role.assumeRolePolicyDocument.Statement[0].Effect });"));
  EXPECT_EQ(host.declared.at(1).props["Name"],
            refer({"role", "/AssumeRolePolicyDocument/Statement/0/Effect"}));
}

}  // namespace
}  // namespace athanor::test
