#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "fixtures.h"
#include "local/cloudcontrol/model.h"
#include "model_builder.h"
#include "schema/validate.h"

namespace athanor::local::test {
namespace {

/// Every type's life: made, read, listed, tagged, deleted, gone.
class Life {
 public:
  Life(InProcess& cloud, const schema::Type& type, Json model)
      : cloud_(cloud), type_(type), model_(std::move(model)) {}

  void live() {
    auto event = cloud_.create(type_.name, model_);
    ASSERT_EQ(event.at("OperationStatus"), "SUCCESS") << event << model_;
    identifier_ = event.at("Identifier").get<std::string>();
    ASSERT_FALSE(identifier_.empty());
    const auto made = cloud_.read(type_.name, identifier_);
    keepsWhatWasGiven(made);
    fitsItsSchema(made);
    isListed();
    takesATag(made);
    ASSERT_EQ(operation("DeleteResource", {}).at("OperationStatus"), "SUCCESS");
    EXPECT_THAT(cloud_.refusal("GetResource", naming()), testing::StartsWith("ResourceNotFoundException: "));
  }

 private:
  Json naming() const { return {{"TypeName", type_.name}, {"Identifier", identifier_}}; }

  Json operation(const std::string& name, const Json& more) {
    auto input = naming();
    input.update(more.is_null() ? Json::object() : more);
    return cloud_.event(name, input);
  }

  void keepsWhatWasGiven(const Json& made) {
    const auto given = cloudcontrol::visibleModel(*type_.root, model_);
    for (const auto& [name, value] : given.items()) {
      ASSERT_TRUE(made.contains(name)) << name;
      if (!value.is_structured()) {
        EXPECT_EQ(made.at(name), value) << name;
      }
    }
  }

  void fitsItsSchema(const Json& made) {
    for (const auto& problem : schema::validate(type_, made, true))
      ADD_FAILURE() << problem.text(*type_.root) << "\n" << made;
  }

  void isListed() {
    const auto all =
        cloud_.call("ListResources", {{"TypeName", type_.name}, {"ResourceModel", listModel().dump()}});
    ASSERT_EQ(all.at("ResourceDescriptions").size(), 1) << all;
    EXPECT_EQ(all.at("ResourceDescriptions")[0].at("Identifier"), identifier_);
  }

  Json listModel() const {
    return type_.name == "AWS::IVS::StreamKey" ? Json{{"ChannelArn", model_.at("ChannelArn")}}
                                               : Json::object();
  }

  void takesATag(const Json& made) {
    const auto* property = type_.tagProperty.empty() ? nullptr : type_.root->find(type_.tagProperty);
    if (!property || property->shape->kind != schema::Kind::list || property->createOnly ||
        property->writeOnly)
      return;
    const auto& tag = *property->shape->element;
    if (tag.kind != schema::Kind::object || !tag.find("Key") || !tag.find("Value") ||
        tag.properties.size() != 2)
      return;
    for (const auto* name : {"Key", "Value"})
      if (!tag.find(name)->shape->allowed.empty()) return;
    const Json tags = {{{"Key", "team"}, {"Value", "video"}}};
    Json patch = Json::array({{{"op", "add"}, {"path", "/" + type_.tagProperty}, {"value", tags}}});
    for (const auto& inner : type_.root->properties)  // required ones that reads do not give
      if (inner.required && inner.writeOnly && model_.contains(inner.name))
        patch.push_back({{"op", "add"}, {"path", "/" + inner.name}, {"value", model_.at(inner.name)}});
    ASSERT_EQ(cloud_.refusal("UpdateResource",
                             [&] {
                               auto in = naming();
                               in["PatchDocument"] = patch.dump();
                               return in;
                             }()),
              "")
        << made;
    EXPECT_EQ(cloud_.read(type_.name, identifier_).at(type_.tagProperty), tags);
  }

  InProcess& cloud_;
  const schema::Type& type_;
  Json model_;
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

class AllTypes : public testing::TestWithParam<double> {};

TEST_P(AllTypes, AreCreatedReadListedTaggedAndDeleted) {
  InProcess cloud;
  std::size_t lived = 0;
  std::size_t deployable = 0;
  std::vector<std::string> without;
  for (const auto name : catalogue().names()) {
    const auto* type = catalogue().find(name);
    if (!type || !type->deployable()) continue;
    ++deployable;
    const auto model = validModel(*type, std::hash<std::string_view>{}(name), GetParam());
    if (model.is_null() || (name.starts_with("AWS::IVS::") && needsOthers(model))) {
      without.emplace_back(name);
      continue;
    }
    SCOPED_TRACE(std::string(name));
    Life(cloud, *type, model).live();
    ++lived;
  }
  EXPECT_GT(deployable, 1000);
  EXPECT_GE(lived * 100, deployable * 98)
      << "no valid model was found for " << testing::PrintToString(without);
}

INSTANTIATE_TEST_SUITE_P(WithOptionalProperties, AllTypes, testing::Values(0.0, 0.3));

}  // namespace
}  // namespace athanor::local::test
