#include "provider/cloudcontrol/patch.h"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include <deque>

#include "schema/compare.h"

namespace athanor::provider::cloudcontrol {
namespace {

using schema::Kind;
using schema::Property;
using schema::Shape;

/// A type with a property of each sort that a patch treats in its own way.
struct Example {
  Example() {
    auto& text = make(Kind::string);
    auto& number = make(Kind::integer);
    auto& ordered = make(Kind::list);
    ordered.element = &text;
    auto& set = make(Kind::list);
    set.element = &text;
    set.unordered = true;
    auto& item = make(Kind::object);
    item.properties = {property("Bitrate", number), property("Name", text)};
    auto& items = make(Kind::list);
    items.element = &item;
    items.unordered = true;
    auto& deep = make(Kind::object);
    deep.properties = {property("Height", number), property("Secret", text), property("Width", number)};
    deep.properties[1].writeOnly = true;
    auto& map = make(Kind::map);
    map.element = &text;
    auto& tag = make(Kind::object);
    tag.properties = {property("Key", text), property("Value", text)};
    auto& tags = make(Kind::list);
    tags.element = &tag;
    auto& root = make(Kind::object);
    root.properties = {property("Arn", text),      property("Deep", deep), property("Items", items),
                       property("Labels", map),    property("Name", text), property("Order", ordered),
                       property("Password", text), property("Set", set),   property("Size", number),
                       property("Tags", tags)};
    root.properties[0].readOnly = true;
    root.properties[4].createOnly = true;
    root.properties[6].writeOnly = true;
    type.name = "Test::Example::Thing";
    type.root = &root;
    type.tagProperty = "Tags";
  }
  Shape& make(Kind kind) {
    shapes.emplace_back();
    shapes.back().kind = kind;
    return shapes.back();
  }
  static Property property(const std::string& name, const Shape& shape) {
    Property out;
    out.name = name;
    out.shape = &shape;
    return out;
  }

  std::deque<Shape> shapes;
  schema::Type type;
};

const Example& example() {
  static const Example one;
  return one;
}

Json patched(const char* live, const char* before, const char* desired) {
  return patch(&example().type, Json::parse(live), Json::parse(before), Json::parse(desired));
}

TEST(Patch, IsEmptyWhereLiveIsAsDesired) {
  EXPECT_EQ(patched(R"({"Size":1,"Arn":"a","Deep":{"Width":1,"Height":2}})", R"({})",
                    R"({"Size":1.0,"Deep":{"Width":1}})"),
            Json::array());
}

TEST(Patch, AddsReplacesAndRemovesOnlyWhatTheUserManagesOrManaged) {
  EXPECT_EQ(
      patched(R"({"Size":1,"Order":["a"],"Set":["x"],"Labels":{"k":"v"}})", R"({"Size":1,"Order":["a"]})",
              R"({"Size":2,"Items":[{"Name":"n"}]})"),
      Json::parse(R"([{"op":"add","path":"/Items","value":[{"Name":"n"}]},{"op":"remove","path":"/Order"},
                            {"op":"replace","path":"/Size","value":2}])"));
}

TEST(Patch, DescendsIntoObjectsSoThatWhatTheServiceAddedThereStays) {
  EXPECT_EQ(
      patched(R"({"Deep":{"Width":1,"Height":2}})", R"({"Deep":{"Width":1}})", R"({"Deep":{"Width":3}})"),
      Json::parse(R"([{"op":"replace","path":"/Deep/Width","value":3}])"));
  EXPECT_EQ(patched(R"({"Deep":{"Width":1,"Height":2}})", R"({"Deep":{"Width":1,"Height":2}})",
                    R"({"Deep":{"Width":1}})"),
            Json::parse(R"([{"op":"remove","path":"/Deep/Height"}])"));
}

TEST(Patch, NeverNamesReadOnlyOrCreateOnlyProperties) {
  EXPECT_EQ(patched(R"({"Arn":"a","Name":"n"})", R"({"Name":"n"})", R"({"Name":"m","Arn":"b"})"),
            Json::array());
}

TEST(Patch, SendsWriteOnlyPropertiesAgainWheneverAnythingElseIsSent) {
  EXPECT_EQ(patched(R"({"Size":1})", R"({"Size":1,"Password":"p"})", R"({"Size":1,"Password":"p"})"),
            Json::array());
  EXPECT_EQ(
      patched(R"({"Size":1})", R"({"Size":1,"Password":"p"})", R"({"Size":2,"Password":"p"})"),
      Json::parse(
          R"([{"op":"replace","path":"/Size","value":2},{"op":"add","path":"/Password","value":"p"}])"));
  EXPECT_EQ(patched(R"({"Size":1})", R"({"Size":1,"Password":"p"})", R"({"Size":1,"Password":"q"})"),
            Json::parse(R"([{"op":"add","path":"/Password","value":"q"}])"));
  EXPECT_EQ(
      patched(R"({"Deep":{"Width":1}})", R"({"Deep":{"Width":1,"Secret":"s"}})",
              R"({"Deep":{"Width":2,"Secret":"s"}})"),
      Json::parse(
          R"([{"op":"replace","path":"/Deep/Width","value":2},{"op":"add","path":"/Deep/Secret","value":"s"}])"));
}

TEST(Patch, TreatsWhatTheLiveModelLacksThoughItWasSentAsWriteOnly) {
  EXPECT_EQ(patched(R"({"Size":1})", R"({"Size":1,"Order":["a"]})", R"({"Size":2,"Order":["a"]})"),
            Json::parse(
                R"([{"op":"replace","path":"/Size","value":2},{"op":"add","path":"/Order","value":["a"]}])"));
  EXPECT_EQ(patched(R"({})", R"({"Order":["a"]})", R"({})"), Json::array());
}

TEST(Patch, ComparesUnorderedListsAsSetsAndOrderedOnesInOrder) {
  EXPECT_EQ(patched(R"({"Set":["b","a"]})", R"({"Set":["a","b"]})", R"({"Set":["a","b"]})"), Json::array());
  EXPECT_EQ(patched(R"({"Order":["b","a"]})", R"({"Order":["b","a"]})", R"({"Order":["a","b"]})"),
            Json::parse(R"([{"op":"replace","path":"/Order","value":["a","b"]}])"));
}

TEST(Patch, LeavesListsAloneWhoseItemsTheServiceFilledUp) {
  EXPECT_EQ(patched(R"({"Items":[{"Name":"b","Bitrate":5},{"Name":"a","Bitrate":6}]})",
                    R"({"Items":[{"Name":"a"},{"Name":"b"}]})", R"({"Items":[{"Name":"a"},{"Name":"b"}]})"),
            Json::array());
}

TEST(Patch, KeepsTagsThatTheUserNeverManaged) {
  EXPECT_EQ(
      patched(R"({"Tags":[{"Key":"team","Value":"x"},{"Key":"aws:stack","Value":"y"}]})", R"({})",
              R"({"Tags":[{"Key":"app","Value":"z"}]})"),
      Json::parse(
          R"([{"op":"replace","path":"/Tags","value":[{"Key":"app","Value":"z"},{"Key":"team","Value":"x"}]}])"));
  EXPECT_EQ(patched(R"({"Tags":[{"Key":"team","Value":"x"},{"Key":"app","Value":"z"}]})",
                    R"({"Tags":[{"Key":"app","Value":"z"}]})", R"({"Tags":[{"Key":"app","Value":"z"}]})"),
            Json::array());
  EXPECT_EQ(
      patched(R"({"Tags":[{"Key":"app","Value":"z"}]})", R"({"Tags":[{"Key":"app","Value":"z"}]})", R"({})"),
      Json::parse(R"([{"op":"remove","path":"/Tags"}])"));
}

TEST(Patch, OfATypeThatNobodyKnowsReplacesWholeProperties) {
  EXPECT_EQ(patch(nullptr, Json::parse(R"({"A":{"x":1},"B":2})"), Json::parse(R"({"A":{"x":1}})"),
                  Json::parse(R"({"A":{"x":2}})")),
            Json::parse(R"([{"op":"replace","path":"/A","value":{"x":2}}])"));
}

rc::Gen<Json> word() {
  return rc::gen::map(rc::gen::inRange(0, 3),
                      [](int i) { return Json(std::string(1, static_cast<char>('a' + i))); });
}
rc::Gen<Json> number() {
  return rc::gen::map(rc::gen::inRange(0, 3), [](int i) { return Json(i); });
}
rc::Gen<Json> listOf(rc::Gen<Json> element) {
  return rc::gen::map(rc::gen::resize(3, rc::gen::container<std::vector<Json>>(std::move(element))),
                      [](auto v) { return Json(v); });
}
rc::Gen<Json> some(std::vector<std::pair<std::string, rc::Gen<Json>>> members) {
  return rc::gen::exec([members = std::move(members)] {
    Json out = Json::object();
    for (const auto& [key, value] : members)
      if (*rc::gen::arbitrary<bool>()) out[key] = *value;
    return out;
  });
}
rc::Gen<Json> model() {
  return some({{"Deep", some({{"Height", number()}, {"Width", number()}})},
               {"Items", listOf(some({{"Bitrate", number()}, {"Name", word()}}))},
               {"Labels", some({{"k", word()}, {"l", word()}})},
               {"Order", listOf(word())},
               {"Set", listOf(word())},
               {"Size", number()}});
}

/// What `wanted` says stands in `result`, by meaning.
void expectSays(const Shape& shape, const Json& result, const Json& wanted) {
  for (const auto& [key, value] : wanted.items()) {
    RC_ASSERT(result.contains(key));
    const auto* property = shape.find(key);
    if (property->shape->kind == Kind::object)
      expectSays(*property->shape, result.at(key), value);
    else
      RC_ASSERT(schema::same(*property->shape, result.at(key), value));
  }
}

RC_GTEST_PROP(Patch, AppliedToLiveGivesWhatIsDesiredAndTouchesNothingElse, ()) {
  // Live is what was sent, but for what others changed since; items are as they were sent, since what a
  // service may add to them hides a difference there on purpose.
  const auto before = *model();
  auto live = *model();
  if (*rc::gen::arbitrary<bool>() && before.contains("Items")) live["Items"] = before["Items"];
  if (live.contains("Items") && !before.contains("Items")) live.erase("Items");
  const auto desired = *model();
  const auto& type = example().type;
  const auto operations = patch(&type, live, before, desired);
  const auto result = live.patch(operations);

  auto wanted = desired;
  for (const auto& key : {"Deep", "Items", "Labels", "Order", "Set", "Size"}) {
    const bool sent = before.contains(key) && desired.contains(key) &&
                      schema::same(*type.root->find(key)->shape, before[key], desired[key]);
    // What the live model lacks and was sent before counts as write-only: no difference by itself.
    if (sent && !result.contains(key)) wanted.erase(key);
    if (!before.contains(key) && !desired.contains(key))
      RC_ASSERT(result.contains(key) == live.contains(key) &&
                (!live.contains(key) || result[key] == live[key]));
    if (before.contains(key) && !desired.contains(key)) RC_ASSERT(!result.contains(key));
  }
  if (wanted.contains("Items") && before.contains("Items") &&
      schema::same(*type.root->find("Items")->shape, before["Items"], desired["Items"]))
    wanted.erase("Items");
  if (wanted.contains("Deep") && before.contains("Deep"))
    for (const auto& key : {"Height", "Width"})
      if (wanted["Deep"].contains(key) && before["Deep"].contains(key) &&
          wanted["Deep"][key] == before["Deep"][key] && result.contains("Deep") &&
          !result["Deep"].contains(key))
        wanted["Deep"].erase(key);
  expectSays(*type.root, result, wanted);
}

RC_GTEST_PROP(Patch, OnceAppliedThereIsNothingMoreToDo, ()) {
  const auto live = *model(), before = *model(), desired = *model();
  const auto& type = example().type;
  const auto result = live.patch(patch(&type, live, before, desired));
  RC_ASSERT(patch(&type, result, desired, desired).empty());
}

RC_GTEST_PROP(Patch, OfAnUnchangedProgramSendsSomethingExactlyWhereThereIsDrift, ()) {
  const auto live = *model(), sent = *model();
  const auto& type = example().type;
  bool drifted = false;
  for (const auto& one : schema::drift(type, sent, live)) drifted = drifted || !one.createOnly;
  RC_LOG() << sent.dump() << "\n" << live.dump();
  RC_ASSERT(drifted != patch(&type, live, sent, sent).empty());
}

}  // namespace
}  // namespace athanor::provider::cloudcontrol
