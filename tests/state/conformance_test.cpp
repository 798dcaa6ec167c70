#include "state/conformance.h"

#include <gmock/gmock.h>
#include <unistd.h>

#include "state/secrets.h"

namespace athanor::state {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;

GTEST_ALLOW_UNINSTANTIATED_PARAMETERIZED_TEST(StoreConformance);

TEST_P(StoreConformance, KnowsNothingAtFirst) {
  auto store = open();
  EXPECT_THAT(store->scopes(), IsEmpty());
  EXPECT_FALSE(store->info(shop).has_value());
  EXPECT_THAT(store->resources(shop), IsEmpty());
  EXPECT_THAT(store->journal(shop), IsEmpty());
}

TEST_P(StoreConformance, GivesBackWhatWasPutAlsoToAnotherStore) {
  commit(*open()->lock(shop, "deploy"), {Put{resource("key")}, Put{resource("key", 2)}});
  EXPECT_THAT(open()->resources(shop), ElementsAre(resource("key"), resource("key", 2)));
}

TEST_P(StoreConformance, KeepsResolvedPropsApartFromTheTemplate) {
  auto key = resource("key");
  auto sent = key.props;
  sent["Name"] = "what the reference gave";
  key.setProps(key.props, sent);
  commit(*open()->lock(shop, "deploy"), {Put{key}});
  EXPECT_THAT(open()->resources(shop), ElementsAre(key));
}

TEST_P(StoreConformance, ReplacesInPlaceAndKeepsTheOrderOfFirstPuts) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  commit(*lock, {Put{resource("b")}, Put{resource("a")}, Put{resource("c")}});
  auto changed = resource("a");
  changed.status = Resource::Status::leaving;
  commit(*lock, {Put{changed}, Drop{"b", 1}});
  EXPECT_THAT(store->resources(shop), ElementsAre(changed, resource("c")));
}

TEST_P(StoreConformance, DropsOneGenerationOnlyAndNothingWhereThereIsNone) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  commit(*lock, {Put{resource("a", 1)}, Put{resource("a", 2)}});
  commit(*lock, {Drop{"a", 1}, Drop{"never", 1}});
  EXPECT_THAT(store->resources(shop), ElementsAre(resource("a", 2)));
}

TEST_P(StoreConformance, KeepsAnEntryFromBeginToClose) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  auto begun = entry("key");
  begun.secrets = {"/Value"};
  commit(*lock, {Begin{&begun}});
  EXPECT_GT(begun.sequence, 0);
  commit(*lock, {Accept{begun.sequence, "request", "arn:key"}});

  const auto journal = open()->journal(shop);
  ASSERT_EQ(journal.size(), 1U);
  const auto& found = journal[0];
  EXPECT_EQ(found.sequence, begun.sequence);
  EXPECT_EQ(found.id, "key");
  EXPECT_EQ(found.generation, 1);
  EXPECT_EQ(found.attempt, 2);
  EXPECT_EQ(found.operation, Entry::Operation::create);
  EXPECT_EQ(found.type, begun.type);
  EXPECT_EQ(found.identifier, "arn:key");
  EXPECT_EQ(found.target, begun.target);
  EXPECT_EQ(found.clientToken, "token-key");
  EXPECT_EQ(found.body, "the body of key");
  EXPECT_FALSE(found.bodySealed);
  EXPECT_EQ(found.requestToken, "request");
  EXPECT_EQ(found.begunAt, begun.begunAt);
  EXPECT_EQ(found.intended, begun.intended);
  EXPECT_EQ(found.secrets, begun.secrets);

  commit(*lock, {Close{begun.sequence}, Put{found.intended}});
  EXPECT_THAT(store->journal(shop), IsEmpty());
  EXPECT_THAT(idsOf(store->resources(shop)), ElementsAre("key"));
}

TEST_P(StoreConformance, GivesEntriesInTheOrderTheyWereBegunAndNoSequenceTwice) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  auto first = entry("z"), second = entry("a", Entry::Operation::update), third = entry("m");
  commit(*lock, {Begin{&first}, Begin{&second}});
  commit(*lock, {Close{second.sequence}});
  commit(*lock, {Begin{&third}});
  EXPECT_LT(first.sequence, second.sequence);
  EXPECT_LT(second.sequence, third.sequence);
  const auto journal = store->journal(shop);
  ASSERT_EQ(journal.size(), 2U);
  EXPECT_EQ(journal[0].id, "z");
  EXPECT_EQ(journal[1].id, "m");
}

TEST_P(StoreConformance, CommitsAllWritesOrNone) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  commit(*lock, {Put{resource("before")}});
  auto begun = entry("key");
  const auto error = errorOf(
      [&] { commit(*lock, {Put{resource("after")}, Drop{"before", 1}, Begin{&begun}, Close{4711}}); });
  EXPECT_EQ(error->code(), ErrorCode::internal);
  EXPECT_EQ(begun.sequence, 0) << "what was not begun has no sequence";
  EXPECT_THAT(idsOf(store->resources(shop)), ElementsAre("before"));
  EXPECT_THAT(store->journal(shop), IsEmpty());
  commit(*lock, {Put{resource("after")}});
  EXPECT_THAT(idsOf(store->resources(shop)), ElementsAre("before", "after"));
}

TEST_P(StoreConformance, RefusesToAcceptOrCloseAnEntryOfAnotherScope) {
  auto store = open();
  auto mine = store->lock(shop, "deploy");
  auto other = store->lock({"shop", "prod"}, "deploy");
  auto begun = entry("key");
  commit(*mine, {Begin{&begun}});
  EXPECT_EQ(errorOf([&] { commit(*other, {Close{begun.sequence}}); })->code(), ErrorCode::internal);
  EXPECT_EQ(errorOf([&] { commit(*other, {Accept{begun.sequence, "r", "i"}}); })->code(),
            ErrorCode::internal);
  EXPECT_EQ(store->journal(shop).at(0).requestToken, "");
}

TEST_P(StoreConformance, KeepsScopesApart) {
  auto store = open();
  auto dev = store->lock({"shop", "dev"}, "deploy");
  auto prod = store->lock({"shop", "prod"}, "deploy");
  commit(*dev, {Put{resource("a")}, Note{"/live.ts", resource("a").target}});
  commit(*prod, {Put{resource("a")}, Put{resource("b")}});
  commit(*dev, {Drop{"a", 1}});
  EXPECT_THAT(store->resources({"shop", "dev"}), IsEmpty());
  EXPECT_THAT(idsOf(store->resources({"shop", "prod"})), ElementsAre("a", "b"));

  const auto scopes = store->scopes();
  ASSERT_EQ(scopes.size(), 2U);
  EXPECT_EQ(scopes[0].scope, (Scope{"shop", "dev"}));
  EXPECT_EQ(scopes[0].program, "/live.ts");
  EXPECT_EQ(scopes[0].target, resource("a").target);
  EXPECT_EQ(scopes[0].resources, 0U);
  EXPECT_EQ(scopes[1].scope, (Scope{"shop", "prod"}));
  EXPECT_EQ(scopes[1].resources, 2U);
  EXPECT_EQ(store->info({"shop", "prod"})->resources, 2U);
}

TEST_P(StoreConformance, DoesNotListAScopeThatWasOnlyLocked) {
  auto store = open();
  store->lock(shop, "deploy");
  EXPECT_THAT(store->scopes(), IsEmpty());
  EXPECT_FALSE(store->info(shop).has_value());
}

TEST_P(StoreConformance, TakesAnyNames) {
  const std::vector<std::string> names = {"Läden",
                                          "商店 🔥",
                                          "a/b",
                                          "..",
                                          ".",
                                          "",
                                          "a.b",
                                          "a%2Fb",
                                          " ",
                                          "\"'`$(x);--",
                                          "line\nend",
                                          std::string("nul\0nul", 7),
                                          std::string(1000, 'x')};
  auto store = open();
  for (const auto& name : names) {
    auto asApp = store->lock({name, "stage"}, "deploy " + name);
    auto asStage = store->lock({"app", name}, "deploy");
    commit(*asApp, {Put{resource(name)}});
    commit(*asStage, {Put{resource("in stage " + name)}});
  }
  for (const auto& name : names) {
    EXPECT_THAT(store->resources({name, "stage"}), ElementsAre(resource(name)));
    EXPECT_THAT(idsOf(store->resources({"app", name})), ElementsAre("in stage " + name));
  }
  EXPECT_EQ(store->scopes().size(), 2 * names.size());
}

TEST_P(StoreConformance, RefusesWhatIsNoUtf8AndKeepsTheRest) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  EXPECT_EQ(errorOf([&] { commit(*lock, {Put{resource("a")}, Put{resource("\xff")}}); })->code(),
            ErrorCode::state);
  EXPECT_THAT(store->resources(shop), IsEmpty());
}

// Locks

TEST_P(StoreConformance, TellsASecondCommandWhoHoldsTheLock) {
  Child holder([&](const Child::Say& say) {
    auto store = open();
    auto lock = store->lock(shop, "athanor deploy shop.ts");
    say(1);
    pause();
  });
  ASSERT_TRUE(holder.hear());
  auto store = open();
  const auto error = errorOf([&] { store->lock(shop, "athanor destroy"); });
  EXPECT_EQ(error->code(), ErrorCode::conflict);
  EXPECT_THAT(error->what(), HasSubstr("`athanor deploy shop.ts`"));
  EXPECT_THAT(error->what(), HasSubstr("process " + std::to_string(holder.pid())));
  EXPECT_THAT(error->what(), HasSubstr(" UTC"));
  EXPECT_THAT(error->hint(), Not(IsEmpty()));
  EXPECT_NO_THROW(store->lock({"shop", "prod"}, "athanor deploy")) << "another stage is free";

  holder.kill();
  EXPECT_NO_THROW(store->lock(shop, "athanor deploy")) << "a lock dies with its holder";
}

TEST_P(StoreConformance, LocksWithinOneProcessToo) {
  auto store = open();
  auto held = store->lock(shop, "one");
  EXPECT_EQ(errorOf([&] { store->lock(shop, "two"); })->code(), ErrorCode::conflict);
  EXPECT_EQ(errorOf([&] { open()->lock(shop, "two"); })->code(), ErrorCode::conflict);
  held.reset();
  EXPECT_NO_THROW(store->lock(shop, "two"));
}

TEST_P(StoreConformance, CommitsNothingOnceAnotherTookOver) {
  auto store = open();
  auto late = store->lock(shop, "late");
  commit(*late, {Put{resource("a")}});
  backend->breakLock(shop);
  auto other = open();
  auto now = other->lock(shop, "now");
  commit(*now, {Put{resource("b")}});
  const auto error = errorOf([&] { commit(*late, {Put{resource("c")}, Drop{"a", 1}}); });
  EXPECT_EQ(error->code(), ErrorCode::conflict);
  EXPECT_THAT(idsOf(other->resources(shop)), ElementsAre("a", "b"));
  commit(*now, {Put{resource("d")}});
}

TEST_P(StoreConformance, LetsOnlyOneOfTwoThatBelieveToHoldTheLockGetOn) {
  auto store = open();
  auto late = store->lock(shop, "late");
  commit(*late, {Put{resource("a")}});
  backend->breakLock(shop);
  auto now = store->lock(shop, "now");
  int refused = 0;
  for (auto* lock : {late.get(), now.get(), late.get(), now.get()}) try {
      commit(*lock, {Put{resource("b")}});
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::conflict);
      ++refused;
    }
  EXPECT_EQ(refused, 2);
}

TEST_P(StoreConformance, LetsALockOutliveItsStore) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  store.reset();
  commit(*lock, {Put{resource("a")}});
  EXPECT_THAT(idsOf(open()->resources(shop)), ElementsAre("a"));
}

// Processes

TEST_P(StoreConformance, HoldsAPrefixOfTheCommitsWhereverItsWriterIsKilled) {
  for (int round = 0; round < 12; ++round) {
    const Scope scope{"shop", "round " + std::to_string(round)};
    Child writer([&](const Child::Say& say) {
      auto store = open();
      auto lock = store->lock(scope, "deploy");
      for (std::int64_t i = 1;; ++i) {
        auto counter = resource("counter");
        counter.outputs = i;
        auto begun = entry("entry " + std::to_string(i));
        commit(*lock, {Put{resource("r" + std::to_string(i))}, Begin{&begun}, Put{counter}});
        say(i);
      }
    });
    std::int64_t told = 0;
    for (int i = 0; i < 1 + 3 * round; ++i) told = writer.hear().value_or(-1);
    ASSERT_GT(told, 0);
    writer.kill();
    while (const auto more = writer.hear()) told = *more;

    auto store = open();
    const auto resources = store->resources(scope);
    const auto counter = std::ranges::find(resources, "counter", &Resource::id);
    ASSERT_NE(counter, resources.end());
    const auto committed = counter->outputs.get<std::int64_t>();
    EXPECT_GE(committed, told) << "what was committed is there";
    EXPECT_LE(committed, told + 1);
    EXPECT_EQ(static_cast<std::int64_t>(resources.size()), committed + 1);
    EXPECT_EQ(static_cast<std::int64_t>(store->journal(scope).size()), committed);
    auto lock = store->lock(scope, "deploy");
    commit(*lock, {Put{resource("after")}});
  }
}

TEST_P(StoreConformance, ShowsReadersWholeCommitsWhileAnotherProcessWrites) {
  auto writing = open();
  auto lock = writing->lock(shop, "deploy");
  const auto put = [&](std::int64_t i) {
    auto left = resource("left"), right = resource("right");
    left.outputs = right.outputs = i;
    commit(*lock, {Put{left}, Put{right}});
  };
  put(0);
  const auto readUntilTheEnd = [&](const Child::Say& say) {
    auto store = open();
    say(0);
    for (std::int64_t seen = 0; seen < 200;) {
      const auto found = store->resources(shop);
      if (found.size() != 2 || found[0].outputs != found[1].outputs)
        throw std::runtime_error("half a commit");
      if (found[0].outputs.get<std::int64_t>() < seen) throw std::runtime_error("an older state than before");
      seen = found[0].outputs.get<std::int64_t>();
    }
  };
  Child one(readUntilTheEnd), two(readUntilTheEnd);
  ASSERT_TRUE(one.hear() && two.hear());
  for (std::int64_t i = 1; i <= 200; ++i) put(i);
  EXPECT_TRUE(one.succeeded());
  EXPECT_TRUE(two.succeeded());
}

TEST_P(StoreConformance, LetsTwoProcessesWriteTwoScopesAtOnce) {
  const auto write = [&](const std::string& stage) {
    return [&, stage](const Child::Say&) {
      auto store = open();
      auto lock = store->lock({"shop", stage}, "deploy");
      for (int i = 0; i < 100; ++i) {
        auto begun = entry("e");
        commit(*lock, {Put{resource(std::to_string(i)), {"/Value"}}, Begin{&begun}});
      }
    };
  };
  Child one(write("one")), two(write("two"));
  EXPECT_TRUE(one.succeeded());
  EXPECT_TRUE(two.succeeded());
  auto store = open();
  for (const auto* stage : {"one", "two"}) {
    EXPECT_EQ(store->resources({"shop", stage}).size(), 100U);
    EXPECT_EQ(store->journal({"shop", stage}).at(99).body, "the body of e");
    EXPECT_EQ(store->resources({"shop", stage}).at(99), resource("99"));
  }
}

// Secrets

TEST_P(StoreConformance, KeepsSecretsSealedAtRestAndOpensThemWhenRead) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  auto begun = entry("key");
  begun.secrets = {"/Value"};
  commit(*lock, {Put{resource("key"), {"/Value"}}, Begin{&begun}});
  EXPECT_THAT(backend->raw(), Not(HasSubstr("hush")));
  EXPECT_THAT(backend->raw(), Not(HasSubstr("the body of")));
  EXPECT_THAT(backend->raw(), HasSubstr("arn:key")) << "what is no secret is seen there";
  EXPECT_THAT(open()->resources(shop), ElementsAre(resource("key")));
  EXPECT_EQ(open()->journal(shop).at(0).intended, resource("key"));

  const auto sealed = store->resources(shop, Secrets::sealed).at(0);
  EXPECT_TRUE(isSealed(sealed.props["Value"]));
  EXPECT_TRUE(isSealed(sealed.outputs["Value"]));
  EXPECT_EQ(sealed.props["Name"], "key");
  EXPECT_TRUE(store->journal(shop, Secrets::sealed).at(0).bodySealed);
}

TEST_P(StoreConformance, SealsNestedSecretsOfEveryItemAndLeavesReferences) {
  auto nested = resource("broker");
  const Json reference = {{"$athanor.ref", {{"id", "other"}, {"path", "/Arn"}}}};
  nested.props = {
      {"Users", {{{"Name", "a"}, {"Password", "hush"}}, {{"Name", "b"}, {"Password", reference}}}},
      {"Map", {{"a/b", "hush"}}},
      {"None", nullptr}};
  nested.outputs = {{"Users", "no list"}};
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  commit(*lock, {Put{nested, {"/Users/*/Password", "/Map/a~1b", "/None", "/Missing/*/X", "/Users/7"}}});
  EXPECT_THAT(backend->raw(), Not(HasSubstr("hush")));
  EXPECT_THAT(store->resources(shop), ElementsAre(nested));
  const auto sealed = store->resources(shop, Secrets::sealed).at(0);
  EXPECT_TRUE(isSealed(sealed.props["Users"][0]["Password"]));
  EXPECT_EQ(sealed.props["Users"][1]["Password"], reference);
  EXPECT_TRUE(isSealed(sealed.props["Map"]["a/b"]));
}

TEST_P(StoreConformance, KeepsASecretSealedWhenItsRowIsPutAgainWithoutNamingIt) {
  auto store = open();
  auto lock = store->lock(shop, "deploy");
  commit(*lock, {Put{resource("key"), {"/Value"}}});
  auto leaving = store->resources(shop).at(0);
  leaving.status = Resource::Status::leaving;
  auto removal = entry("key", Entry::Operation::remove);
  commit(*lock, {Put{leaving}, Begin{&removal}});
  EXPECT_THAT(backend->raw(), Not(HasSubstr("hush")));
  EXPECT_THAT(store->resources(shop), ElementsAre(leaving));
}

TEST_P(StoreConformance, WithoutItsKeyIsReadWithSecretsSealedAndCanBeDestroyed) {
  auto begun = entry("half made");
  commit(*open()->lock(shop, "deploy"), {Put{resource("key"), {"/Value"}}, Begin{&begun}});

  auto store = backend->open(noKey());
  auto found = store->resources(shop).at(0);
  EXPECT_EQ(found.identifier, "arn:key");
  EXPECT_TRUE(isSealed(found.props["Value"]));
  EXPECT_EQ(found.props["Name"], "key");
  EXPECT_TRUE(store->journal(shop).at(0).bodySealed);
  EXPECT_EQ(store->journal(shop).at(0).body, "");

  auto lock = store->lock(shop, "destroy");
  found.status = Resource::Status::leaving;
  auto removal = entry("key", Entry::Operation::remove);
  removal.intended = found;
  commit(*lock, {Put{found}, Begin{&removal}});
  EXPECT_EQ(store->journal(shop).at(1).body, "the body of key");
  commit(*lock, {Close{removal.sequence}, Drop{"key", 1}});
  EXPECT_THAT(store->resources(shop), IsEmpty());
}

TEST_P(StoreConformance, WithoutItsKeySealsNothingNew) {
  commit(*open()->lock(shop, "deploy"), {Put{resource("key"), {"/Value"}}});
  auto store = backend->open(noKey());
  auto lock = store->lock(shop, "deploy");
  const auto error = errorOf([&] { commit(*lock, {Put{resource("other"), {"/Value"}}}); });
  EXPECT_EQ(error->code(), ErrorCode::state);
  EXPECT_THAT(error->what(), HasSubstr("no such key, which is missing"));
  EXPECT_FALSE(std::filesystem::exists(noKey().file)) << "a second key would hide that the first is missing";
  EXPECT_THAT(idsOf(store->resources(shop)), ElementsAre("key"));
}

TEST_P(StoreConformance, RefusesAnotherKeyAndAnotherPassword) {
  commit(*backend->open({"", "right"})->lock(shop, "deploy"), {Put{resource("key"), {"/Value"}}});
  const auto error = errorOf([&] { backend->open({"", "wrong"})->resources(shop); });
  EXPECT_EQ(error->code(), ErrorCode::state);
  EXPECT_THAT(error->what(), HasSubstr("ATHANOR_PASSWORD is not the password"));
  auto wrong = backend->open({"", "wrong"});
  auto lock = wrong->lock(shop, "deploy");
  EXPECT_EQ(errorOf([&] { commit(*lock, {Put{resource("b"), {"/Value"}}}); })->code(), ErrorCode::state);
  EXPECT_THAT(backend->open({"", "right"})->resources(shop), ElementsAre(resource("key")));
  EXPECT_TRUE(isSealed(backend->open(key())->resources(shop).at(0).props["Value"])) << "a key is no password";
}

}  // namespace athanor::state
