#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <algorithm>

#include "base/reference.h"
#include "model_generator.h"
#include "schema/casing.h"
#include "schema/catalogue.h"
#include "schema/compare.h"
#include "schema/validate.h"

namespace athanor::schema {
namespace {

/// Checks a property of random models of random types; the IVS types, which have all constraints, come often.
class Models : public testing::Test {
 protected:
  void forAll(const char* sentence, const std::function<void(const Type&, const Json&)>& holds) {
    const auto all = catalogue_.names();
    std::vector<std::string_view> ivs;
    std::ranges::copy_if(all, std::back_inserter(ivs),
                         [](auto name) { return name.starts_with("AWS::IVS::"); });
    const bool held = rc::check(sentence, [&] {
      const auto& from = *rc::gen::inRange(0, 3) == 0 ? ivs : all;
      const auto& type = *catalogue_.find(
          from[static_cast<std::size_t>(*rc::gen::inRange(0, static_cast<int>(from.size())))]);
      const auto model = drawModel(*type.root);
      RC_PRE(model.has_value());
      RC_LOG() << type.name << " " << model->dump();
      holds(type, *model);
    });
    EXPECT_TRUE(held);
  }

 private:
  Catalogue catalogue_;
};

/// Lists that the schema calls unordered, turned round, and every key in the user's casing and back.
Json shuffled(const Shape& shape, const Json& value) {
  if (shape.kind == Kind::object && value.is_object()) {
    Json out = Json::object();
    for (const auto& [key, inner] : value.items()) {
      const auto* property = shape.find(key);
      out[key] = property ? shuffled(*property->shape, inner) : inner;
    }
    return out;
  }
  Json out = value;
  if (shape.kind == Kind::list && shape.unordered) std::reverse(out.begin(), out.end());
  return out;
}

TEST_F(Models, ComeBackFromTheUsersCasing) {
  forAll("settle(camel(x)) is x", [](const Type& type, const Json& model) {
    RC_ASSERT(settle(*type.root, camel(*type.root, model)) == model);
  });
}

TEST_F(Models, ThatAreSettledStayAsTheyAre) {
  forAll("settle(x) is x",
         [](const Type& type, const Json& model) { RC_ASSERT(settle(*type.root, model) == model); });
}

TEST_F(Models, DifferFromThemselvesInNothing) {
  forAll("compare(x, x) is empty, in any order", [](const Type& type, const Json& model) {
    RC_ASSERT(compare(type, model, model).empty());
    RC_ASSERT(compare(type, model, shuffled(*type.root, model)).empty());
    RC_ASSERT(drift(type, model, model).empty());
    RC_ASSERT(same(*type.root, model, Json::parse(model.dump())));
  });
}

TEST_F(Models, OfTheGeneratorAreValid) {
  forAll("validate(x) is empty", [](const Type& type, const Json& model) {
    for (const auto& problem : validate(type, model)) {
      RC_LOG() << problem.text(*type.root);
      RC_ASSERT(problem.kind == Problem::Kind::contradiction);  // the generator does not know of rules
    }
  });
}

TEST_F(Models, WithAnUnknownPropertyAreNot) {
  forAll("an added property is told", [](const Type& type, const Json& model) {
    auto wrong = model;
    wrong["Frobnicate"] = 1;
    const auto before = validate(type, model).size();
    RC_ASSERT(validate(type, wrong).size() == before + 1);
  });
}

TEST_F(Models, StayValidWhereAnyPartIsAReference) {
  forAll("a reference is valid anywhere", [](const Type& type, const Json& model) {
    RC_PRE(!model.empty());
    auto unknown = model;
    auto part = unknown.begin();
    std::advance(part, *rc::gen::inRange(0, static_cast<int>(model.size())));
    *part = refer({"other", "/Arn"});
    for (const auto& problem : validate(type, unknown))
      RC_ASSERT(problem.kind == Problem::Kind::contradiction);
  });
}

TEST_F(Models, CanBeChangedAndEveryChangeIsFound) {
  forAll("a property that is taken away is a difference, unless it holds its default",
         [](const Type& type, const Json& model) {
           RC_PRE(!model.empty());
           auto less = model;
           auto part = less.begin();
           std::advance(part, *rc::gen::inRange(0, static_cast<int>(model.size())));
           const auto key = part.key();
           less.erase(key);
           const auto& usual = type.root->find(key)->defaultJson;
           const auto found = compare(type, model, less);
           if (!usual.empty() && same(*type.root->find(key)->shape, Json::parse(usual), model[key]))
             RC_ASSERT(found.empty());
           else
             RC_ASSERT(found.size() == 1U && found[0].pointer == "/" + key);
         });
}

}  // namespace
}  // namespace athanor::schema
