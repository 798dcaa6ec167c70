#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"
#include "local/cloudcontrol/model.h"
#include "mistakes.h"
#include "model_builder.h"
#include "schema/validate.h"

namespace athanor::local::test {
namespace {

/// A patch of one operation.
Json patchOf(const std::string& op, const std::string& path, const Json& value = nullptr) {
  return Json::array({{{"op", op}, {"path", path}, {"value", value}}});
}

/// True where `value` is `given`, and in objects perhaps what the service adds.
bool holds(const Json& value, const Json& given) {
  if (!given.is_object() || !value.is_object()) return value == given;
  return std::ranges::all_of(given.items(), [&](const auto& member) {
    return value.contains(member.key()) && holds(value.at(member.key()), member.value());
  });
}

/// One resource's life: wrong models are refused, then it is made, read, listed, wrong patches are refused,
/// and it is updated, deleted, gone.
class Life {
 public:
  Life(InProcess& cloud, const schema::Type& type, Json model)
      : cloud_(cloud), type_(type), model_(std::move(model)) {}

  void live() {
    refusesWrongModels();
    auto event = cloud_.create(type_.name, model_);
    ASSERT_EQ(event.at("OperationStatus"), "SUCCESS") << event << model_;
    identifier_ = event.at("Identifier").get<std::string>();
    ASSERT_FALSE(identifier_.empty());
    made_ = cloud_.read(type_.name, identifier_);
    keepsWhatWasGiven();
    fitsItsSchema();
    isListed();
    refusesWrongPatches();
    isUpdated();
    ASSERT_EQ(cloud_.event("DeleteResource", naming()).at("OperationStatus"), "SUCCESS");
    EXPECT_THAT(cloud_.refusal("GetResource", naming()), testing::StartsWith("ResourceNotFoundException: "));
  }

  std::size_t mistakes = 0;
  bool mutableOne = false;  ///< it has a property that may be updated
  bool updated = false;

 private:
  Json naming() const { return {{"TypeName", type_.name}, {"Identifier", identifier_}}; }

  std::string refusal(const Json& patch) {
    auto input = naming();
    input["PatchDocument"] = patch.dump();
    return cloud_.refusal("UpdateResource", input);
  }

  void refusesWrongModels() {
    for (const auto& mistake : mistakesIn(type_, model_)) {
      ++mistakes;
      EXPECT_EQ(cloud_.refusal("CreateResource",
                               {{"TypeName", type_.name}, {"DesiredState", mistake.model.dump()}}),
                "ValidationException: Model validation failed (" + mistake.message + ")")
          << mistake.kind;
    }
    EXPECT_EQ(list().size(), 0) << "what is refused is not made";
  }

  void keepsWhatWasGiven() {
    const auto given = cloudcontrol::visibleModel(*type_.root, model_);
    for (const auto& [name, value] : given.items()) {
      ASSERT_TRUE(made_.contains(name)) << name;
      if (!value.is_structured()) {
        EXPECT_EQ(made_.at(name), value) << name;
      }
    }
  }

  void fitsItsSchema() {
    for (const auto& problem : schema::validate(type_, made_, true))
      ADD_FAILURE() << problem.text(*type_.root) << "\n" << made_;
  }

  Json list() {
    Json needed = Json::object();
    for (const auto& name : type_.listRequires) needed[name] = model_.value(name, "");
    return cloud_.call("ListResources", {{"TypeName", type_.name}, {"ResourceModel", needed.dump()}})
        .at("ResourceDescriptions");
  }

  void isListed() {
    const auto all = list();
    ASSERT_EQ(all.size(), 1) << all;
    EXPECT_EQ(all[0].at("Identifier"), identifier_);
  }

  void refusesWrongPatches() {
    EXPECT_EQ(refusal(patchOf("remove", "/Unheard")),
              "ValidationException: [REMOVE Operation] noSuchPath in source, path provided : //Unheard");
    EXPECT_EQ(refusal(patchOf("replace", "Unheard", 1)),
              "ValidationException: [REPLACE Operation] noSuchPath in source, path provided : //Unheard");
    for (const auto& property : type_.root->properties) {
      const auto at = "/" + property.name;
      if (made_.contains(property.name))
        EXPECT_EQ(refusal(patchOf("test", at, "not this")),
                  "ValidationException: [TEST Operation] value mismatch");
      const auto change = patchOf("add", at, "other");
      if (property.readOnly)
        EXPECT_EQ(refusal(change),
                  "ValidationException: Invalid patch update: readOnlyProperties [/properties" + at +
                      "] cannot be updated");
      else if (property.createOnly)
        EXPECT_EQ(refusal(change),
                  "NotUpdatableException: Invalid patch update: createOnlyProperties [/properties" + at +
                      "] cannot be updated");
      if (property.writeOnly)
        EXPECT_EQ(refusal(patchOf("replace", at, "other")),
                  "ValidationException: Invalid patch update: writeOnlyProperties [" + at +
                      "] can only be updated using 'add' operation");
    }
    EXPECT_EQ(cloud_.read(type_.name, identifier_), made_) << "what is refused changes nothing";
  }

  /// A patch that gives a property a new value; required write-only ones have to be sent with it.
  Json changing(const schema::Property& property, const Json& value) const {
    auto patch = patchOf("add", "/" + property.name, value);
    for (const auto& inner : type_.root->properties)
      if (inner.required && inner.writeOnly && &inner != &property && model_.contains(inner.name))
        patch.push_back({{"op", "add"}, {"path", "/" + inner.name}, {"value", model_.at(inner.name)}});
    return patch;
  }

  /// Another value for a property; null where none is found that is valid and leaves what is create-only.
  Json otherValue(const schema::Property& property) const {
    for (std::uint64_t seed = 1; seed <= 6; ++seed) {
      auto next = made_;
      next[property.name] = buildValue(*property.shape, seed);
      const bool changed = !made_.contains(property.name) || next[property.name] != made_[property.name];
      if (changed && schema::validate(type_, next, true).empty() &&
          cloudcontrol::changed(*type_.root, made_, next, cloudcontrol::Fixed::createOnly).empty() &&
          cloudcontrol::changed(*type_.root, made_, next, cloudcontrol::Fixed::readOnly).empty())
        return next[property.name];
    }
    return {};
  }

  void isUpdated() {
    for (const auto& property : type_.root->properties) {
      if (property.readOnly || property.createOnly || property.writeOnly) continue;
      mutableOne = true;
      const auto value = otherValue(property);
      if (value.is_null()) continue;
      ASSERT_EQ(refusal(changing(property, value)), "") << property.name << " = " << value;
      const auto after = cloud_.read(type_.name, identifier_);
      EXPECT_TRUE(holds(after.at(property.name), cloudcontrol::visibleModel(*property.shape, value)))
          << property.name << ": " << after.at(property.name) << " instead of " << value;
      updated = true;
      return;
    }
  }

  InProcess& cloud_;
  const schema::Type& type_;
  Json model_, made_;
  std::string identifier_;
};

/// The model of the type, small enough to be valid; null where none was found.
Json validModel(const schema::Type& type, std::uint64_t seed, double optional) {
  for (const double share : {optional, optional / 4, 0.0}) {
    for (std::uint64_t variant = 0; variant < 4; ++variant) {
      auto model = buildModel(type, seed * 4 + variant, share);
      if (schema::validate(type, model).empty()) return model;
    }
  }
  return {};
}

/// Those whose rules ask for other resources first, which ivs_test.cpp makes.
bool needsOthers(const Json& model) {
  return model.contains("ChannelArn") || !stringAt(model, "RecordingConfigurationArn").empty();
}

constexpr std::size_t shards = 4;

/// How many optional properties the models have, and which part of the types is at hand.
class AllTypes : public testing::TestWithParam<std::tuple<double, std::size_t>> {};

TEST_P(AllTypes, AreCreatedReadListedUpdatedAndDeletedAndEveryMistakeIsNamed) {
  const auto [optional, shard] = GetParam();
  InProcess cloud;
  std::size_t deployable = 0, lived = 0, mistakes = 0, mutableOnes = 0, updated = 0;
  std::vector<std::string> without, notUpdated;
  for (const auto name : catalogue().names()) {
    const auto seed = std::hash<std::string_view>{}(name);
    if (seed % shards != shard) continue;
    const auto* type = catalogue().find(name);
    if (!type || !type->deployable()) continue;
    ++deployable;
    const auto model = validModel(*type, seed, optional);
    if (model.is_null() || (name.starts_with("AWS::IVS::") && needsOthers(model))) {
      without.emplace_back(name);
      continue;
    }
    SCOPED_TRACE(std::string(name));
    Life life(cloud, *type, model);
    life.live();
    ++lived;
    mistakes += life.mistakes;
    mutableOnes += life.mutableOne ? 1 : 0;
    updated += life.updated ? 1 : 0;
    if (life.mutableOne && !life.updated) notUpdated.emplace_back(name);
  }
  EXPECT_GT(deployable, 250);
  EXPECT_GE(lived * 100, deployable * 98)
      << "no valid model was found for " << testing::PrintToString(without);
  EXPECT_GE(updated * 100, mutableOnes * 98)
      << "no other value was found for " << testing::PrintToString(notUpdated);
  EXPECT_GT(mistakes, lived * 4);
}

INSTANTIATE_TEST_SUITE_P(WithOptionalProperties, AllTypes,
                         testing::Combine(testing::Values(0.0, 0.3), testing::Range<std::size_t>(0, shards)));

}  // namespace
}  // namespace athanor::local::test
