#include "cli/arguments.h"

#include <gtest/gtest.h>

#include "base/error.h"

namespace athanor::cli {
namespace {

const aws::Environment nobody{};

Arguments parsed(std::vector<std::string> words, const aws::Environment& environment = nobody) {
  return std::get<Arguments>(parse(std::move(words), environment));
}

std::string refused(std::vector<std::string> words) {
  try {
    parse(std::move(words), nobody);
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::usage);
    return error.what() + (error.hint().empty() ? "" : " | " + error.hint());
  }
  return "not refused";
}

TEST(Arguments, OfADeploymentHaveTheirDefaults) {
  const auto deploy = parsed({"deploy"});
  EXPECT_EQ(deploy.verb, Verb::deploy);
  EXPECT_EQ(deploy.subject, "");
  EXPECT_EQ(deploy.stage, "dev");
  EXPECT_EQ(deploy.parallel, 64U);
  EXPECT_TRUE(deploy.refresh && deploy.colour);
  EXPECT_FALSE(deploy.local || deploy.yes || deploy.json || deploy.quiet || deploy.allowUnplanned ||
               deploy.replaceProgram || deploy.allowLossy);
}

TEST(Arguments, OfADeploymentAreRead) {
  const auto deploy = parsed({"deploy",
                              "a.ts",
                              "--app",
                              "shop",
                              "--stage",
                              "prod",
                              "--region",
                              "eu-west-1",
                              "--profile",
                              "work",
                              "--endpoint",
                              "http://x",
                              "--yes",
                              "--json",
                              "--quiet",
                              "--parallel",
                              "3",
                              "--no-refresh",
                              "--allow-unplanned",
                              "--replace-program",
                              "--allow-lossy",
                              "--no-color"});
  EXPECT_EQ(deploy.subject, "a.ts");
  EXPECT_EQ(deploy.app, "shop");
  EXPECT_EQ(deploy.stage, "prod");
  EXPECT_EQ(deploy.region, "eu-west-1");
  EXPECT_EQ(deploy.profile, "work");
  EXPECT_EQ(deploy.endpoint, "http://x");
  EXPECT_EQ(deploy.parallel, 3U);
  EXPECT_TRUE(deploy.yes && deploy.json && deploy.quiet && deploy.allowUnplanned && deploy.replaceProgram &&
              deploy.allowLossy);
  EXPECT_FALSE(deploy.refresh || deploy.colour);
}

TEST(Arguments, OfEveryCommandThatDeploysAreTheSame) {
  for (const auto& [name, verb] :
       {std::pair("plan", Verb::plan), {"deploy", Verb::deploy}, {"destroy", Verb::destroy}}) {
    const auto read = parsed({name, "--local", "--data", "d", "p.ts", "-y"});
    EXPECT_EQ(read.verb, verb);
    EXPECT_EQ(read.subject, "p.ts");
    EXPECT_EQ(read.data, "d");
    EXPECT_TRUE(read.local && read.yes);
  }
  EXPECT_TRUE(parsed({"plan", "--detailed-exitcode"}).detailedExitcode);
}

TEST(Arguments, NameIdsAsOftenAsTheyAreGiven) {
  const auto read = parsed({"deploy", "--target", "a", "--target", "b", "--exclude", "c",
                            "--override-protect", "d", "app.ts", "--adopt"});
  EXPECT_EQ(read.targets, (std::vector<std::string>{"a", "b"}));
  EXPECT_EQ(read.excluded, std::vector<std::string>{"c"});
  EXPECT_EQ(read.overrideProtect, std::vector<std::string>{"d"});
  EXPECT_EQ(read.subject, "app.ts");
  EXPECT_TRUE(read.adopt);
  EXPECT_EQ(parsed({"destroy", "--target", "a"}).targets, std::vector<std::string>{"a"});
  EXPECT_NE(refused({"destroy", "--adopt"}), "not refused");
}

TEST(Arguments, OfASavedPlanSayWhatIsNotSaved) {
  EXPECT_EQ(parsed({"plan", "app.ts", "--out", "p"}).out, "p");
  const auto apply = parsed({"apply", "p", "--yes", "--parallel", "2", "--timeout", "5"});
  EXPECT_EQ(apply.verb, Verb::apply);
  EXPECT_EQ(apply.subject, "p");
  EXPECT_EQ(apply.parallel, 2U);
  EXPECT_EQ(apply.timeout, std::chrono::minutes(5));
  EXPECT_EQ(parsed({"apply", "p"}).timeout, std::chrono::minutes(60));
  EXPECT_NE(refused({"apply"}), "not refused");
  EXPECT_NE(refused({"apply", "p", "--target", "a"}), "not refused");
  EXPECT_NE(refused({"apply", "p", "--stage", "a"}), "not refused");
  EXPECT_NE(refused({"deploy", "--out", "p"}), "not refused");
}

TEST(Arguments, TakeTheStageFromTheEnvironment) {
  EXPECT_EQ(parsed({"plan"}, {{{"USER", "ada"}}, ""}).stage, "ada");
  EXPECT_EQ(parsed({"plan"}, {{{"USER", "ada"}, {"STAGE", "ci"}}, ""}).stage, "ci");
  EXPECT_EQ(parsed({"plan", "--stage", "prod"}, {{{"STAGE", "ci"}}, ""}).stage, "prod");
  EXPECT_EQ(parsed({"plan"}, {{{"STAGE", ""}}, ""}).stage, "dev");
}

TEST(Arguments, AreNotColouredWhereTheEnvironmentSaysSo) {
  EXPECT_FALSE(parsed({"plan"}, {{{"NO_COLOR", "1"}}, ""}).colour);
  EXPECT_TRUE(parsed({"plan"}, {{{"NO_COLOR", ""}}, ""}).colour);
}

TEST(Arguments, AfterTwoDashesBelongToTheProgram) {
  const auto deploy = parsed({"deploy", "a.ts", "--", "--json", "x"});
  EXPECT_EQ(deploy.arguments, (std::vector<std::string>{"--json", "x"}));
  EXPECT_FALSE(deploy.json);
  EXPECT_FALSE(wantsJson({"deploy", "--", "--json"}));
}

TEST(Arguments, OfTheLocalAwsAreRead) {
  const auto local = parsed({"local", "--port", "0", "--data", "d", "--address", "::1", "--latency", "250",
                             "--account", "000000000000", "--region", "eu-west-1"});
  EXPECT_EQ(local.verb, Verb::local);
  EXPECT_EQ(local.port, 0);
  EXPECT_EQ(local.latency, std::chrono::milliseconds(250));
  EXPECT_EQ(local.address, "::1");
  EXPECT_EQ(local.account, "000000000000");
  EXPECT_EQ(local.region, "eu-west-1");
}

TEST(Arguments, OfTheCommandsOfTheLocalAwsAreRead) {
  EXPECT_EQ(parsed({"local", "coverage", "ivs"}).verb, Verb::localCoverage);
  EXPECT_EQ(parsed({"local", "coverage", "ivs", "--json"}).subject, "ivs");
  EXPECT_EQ(parsed({"local", "status", "--endpoint", "http://x"}).endpoint, "http://x");
  const auto requests = parsed({"local", "requests", "--data", "d", "-f", "--limit", "7"});
  EXPECT_EQ(requests.verb, Verb::localRequests);
  EXPECT_EQ(requests.data, "d");
  EXPECT_TRUE(requests.follow);
  EXPECT_EQ(requests.limit, 7U);
  EXPECT_TRUE(parsed({"local", "reset", "--yes"}).yes);
  EXPECT_EQ(parsed({"local", "--quiet"}).verb, Verb::local);
  EXPECT_NE(refused({"local", "requests", "--limit", "2001"}), "not refused");
  EXPECT_EQ(refused({"local", "coverge"}),
            "athanor local has no command \"coverge\" | Did you mean \"coverage\"? athanor local --help "
            "lists all of them.");
}

TEST(Arguments, OfSchemaAndStateNameTheirSubject) {
  EXPECT_EQ(parsed({"schema", "show", "AWS::IVS::Channel"}).verb, Verb::schemaShow);
  EXPECT_EQ(parsed({"schema", "search", "ivs", "--json"}).subject, "ivs");
  EXPECT_EQ(parsed({"schema", "import", "x.zip"}).verb, Verb::schemaImport);
  EXPECT_EQ(parsed({"state", "show", "config", "--app", "a"}).subject, "config");
  EXPECT_EQ(parsed({"state", "list"}).verb, Verb::stateList);
  EXPECT_EQ(parsed({"state", "export"}).verb, Verb::stateExport);
  EXPECT_EQ(parsed({"stages", "--json"}).verb, Verb::stages);
}

TEST(Arguments, OfHistoryAndGraphAreRead) {
  const auto history = parsed({"history"});
  EXPECT_EQ(history.verb, Verb::history);
  EXPECT_EQ(history.limit, 20U);
  EXPECT_EQ(parsed({"history", "a.ts", "--limit", "3", "--json"}).limit, 3U);
  const auto graph = parsed({"graph", "a.ts", "--svg"});
  EXPECT_EQ(graph.verb, Verb::graph);
  EXPECT_EQ(graph.subject, "a.ts");
  EXPECT_TRUE(graph.svg);
  EXPECT_FALSE(parsed({"graph"}).svg);
}

TEST(Arguments, ThatMakeNoSenseAreRefusedWithWhereHelpIs) {
  EXPECT_EQ(refused({"deploy", "--forever"}),
            "athanor deploy does not take --forever | athanor deploy --help says what it takes.");
  EXPECT_EQ(refused({"state", "show"}), "ID is required | athanor state show --help says what it takes.");
  EXPECT_EQ(refused({"deplyo", "a.ts"}),
            "athanor has no command \"deplyo\" | Did you mean \"deploy\"? athanor --help lists all of them.");
  EXPECT_EQ(refused({"bake"}), "athanor has no command \"bake\" | athanor --help lists them.");
  EXPECT_EQ(
      refused({"state", "lsit"}),
      "athanor state has no command \"lsit\" | Did you mean \"list\"? athanor state --help lists all of "
      "them.");
  EXPECT_EQ(refused({"deploy", "a.ts", "b.ts", "c.ts"}),
            "athanor deploy does not take b.ts c.ts | athanor deploy --help says what it takes.");
  EXPECT_NE(refused({"deploy", "--parallel", "0"}), "not refused");
  EXPECT_NE(refused({"local", "--port", "70000"}), "not refused");
  EXPECT_NE(refused({"local", "--latency", "-1"}), "not refused");
  EXPECT_NE(refused({"local", "--account", "12"}), "not refused");
  EXPECT_NE(refused({"deploy", "--local", "--endpoint", "http://x"}), "not refused");
  EXPECT_NE(refused({"deploy", "--data", "d"}), "not refused");
  EXPECT_NE(refused({"deploy", "--stage", "a b"}), "not refused");
  EXPECT_NE(refused({"deploy", "--app", "a/b"}), "not refused");
}

TEST(Arguments, AskForHelpOfTheCommandTheyName) {
  for (const std::vector<std::string>& command : std::vector<std::vector<std::string>>{{},
                                                                                       {"plan"},
                                                                                       {"deploy"},
                                                                                       {"destroy"},
                                                                                       {"local"},
                                                                                       {"local", "coverage"},
                                                                                       {"local", "status"},
                                                                                       {"local", "requests"},
                                                                                       {"local", "reset"},
                                                                                       {"schema", "show"},
                                                                                       {"schema", "search"},
                                                                                       {"schema", "import"},
                                                                                       {"state", "list"},
                                                                                       {"state", "show"},
                                                                                       {"state", "export"},
                                                                                       {"stages"},
                                                                                       {"version"}}) {
    auto words = command;
    words.emplace_back("--help");
    const auto text = std::get<Help>(parse(words, nobody)).text;
    EXPECT_NE(text.find("Example:\n  athanor"), std::string::npos) << text;
    EXPECT_NE(text.find("Exit status:"), std::string::npos) << text;
    if (!command.empty()) {
      EXPECT_NE(text.find(command.back()), std::string::npos) << text;
    }
  }
}

TEST(Arguments, AskForTheVersionEitherWay) {
  EXPECT_EQ(parsed({"--version"}).verb, Verb::version);
  EXPECT_EQ(parsed({"version"}).verb, Verb::version);
}

}  // namespace
}  // namespace athanor::cli
