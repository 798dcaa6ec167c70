#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <stdlib.h>
#include <zlib.h>

#include <fstream>

#include "base/error.h"
#include "schema/casing.h"
#include "schema/catalogue.h"
#include "schema/validate.h"
#include "schema/zip.h"

namespace athanor::schema {
namespace {

namespace fs = std::filesystem;

constexpr auto widget = R"({
  "typeName": "AWS::Test::Widget",
  "description": "A widget. It turns.",
  "definitions": {
    "Size": {"type": "object", "additionalProperties": false, "required": ["Width"], "properties": {
      "Width": {"type": "integer", "minimum": 1, "exclusiveMaximum": 10},
      "Inner": {"$ref": "#/definitions/Size"}}},
    "Tag": {"type": "object", "properties": {"Key": {"type": "string"}, "Value": {"type": "string"}}}
  },
  "properties": {
    "Id": {"type": "string"},
    "Name": {"type": "string", "pattern": "^[a-z-.]+$", "maxLength": 5, "description": "Its name."},
    "Size": {"$ref": "#/definitions/Size", "default": {"Width": 1}},
    "Other": {"$ref": "#/definitions/Size"},
    "Secret": {"type": "object", "properties": {"Password": {"type": "string"}, "User": {"type": "string"}}},
    "Parts": {"type": "array", "insertionOrder": false, "uniqueItems": true, "minItems": 1,
              "items": {"oneOf": [{"type": "string"}, {"$ref": "#/definitions/Size"}]}},
    "Labels": {"type": "object", "patternProperties": {"^[a-z]+$": {"type": "string"}}, "additionalProperties": false},
    "Policy": {"type": ["object", "string"]},
    "Role": {"type": "string", "relationshipRef": {"typeName": "AWS::IAM::Role", "propertyPath": "/properties/Arn"}},
    "Keys": {"type": "array", "items": {"type": "string", "anyOf": [
      {"relationshipRef": {"typeName": "AWS::KMS::Key", "propertyPath": "/properties/KeyId"}},
      {"relationshipRef": {"typeName": "AWS::KMS::Alias", "propertyPath": "/properties/AliasName"}}]}},
    "Either": {"type": ["string", "integer"]},
    "Choice": {"type": "object", "anyOf": [{"required": ["A"]}, {"required": ["B"]}],
               "properties": {"A": {"type": "string"}, "B": {"type": "string"}}},
    "Whole": {"allOf": [{"$ref": "#/definitions/Size"}, {"properties": {"Depth": {"type": "integer"}}}]},
    "Tags": {"type": "array", "items": {"$ref": "#/definitions/Tag"}}
  },
  "required": ["Name"],
  "readOnlyProperties": ["/properties/Id", "/properties/Size/Inner/Width"],
  "writeOnlyProperties": ["/properties/Secret/Password"],
  "createOnlyProperties": ["/properties/Name", "/properties/Size/properties/Width", "/properties/Parts/*/Width"],
  "primaryIdentifier": ["/properties/Id"],
  "replacementStrategy": "delete_then_create",
  "tagging": {"taggable": true, "tagProperty": "/properties/Tags"},
  "handlers": {"create": {}, "read": {}, "update": {}, "delete": {},
               "list": {"handlerSchema": {"properties": {"Name": {"type": "string"}}, "required": ["Name"]}}},
  "additionalProperties": false
})";

/// A zip of stored entries.
std::string zipOf(const std::vector<std::pair<std::string, std::string>>& files) {
  std::string out, list;
  const auto put = [](std::string& to, std::uint64_t value, int width) {
    for (int i = 0; i < width; ++i) to += static_cast<char>(value >> (8 * i) & 0xff);
  };
  for (const auto& [name, text] : files) {
    const auto crc = crc32(0, reinterpret_cast<const Bytef*>(text.data()), static_cast<uInt>(text.size()));
    const auto offset = out.size();
    const auto both = [&](std::string& to) {
      for (const int zero : {20, 0, 0, 0, 0}) put(to, static_cast<std::uint64_t>(zero), 2);
      put(to, crc, 4), put(to, text.size(), 4), put(to, text.size(), 4), put(to, name.size(), 2),
          put(to, 0, 2);
    };
    put(out, 0x04034b50, 4), both(out);
    out += name + text;
    put(list, 0x02014b50, 4), put(list, 20, 2), both(list);
    put(list, 0, 2), put(list, 0, 2), put(list, 0, 2), put(list, 0, 4), put(list, offset, 4);
    list += name;
  }
  const auto at = out.size();
  out += list;
  put(out, 0x06054b50, 4), put(out, 0, 4), put(out, files.size(), 2), put(out, files.size(), 2);
  put(out, list.size(), 4), put(out, at, 4), put(out, 0, 2);
  return out;
}

class Import : public testing::Test {
 protected:
  Import() {
    std::string name = (fs::temp_directory_path() / "athanor-schema-XXXXXX").string();
    folder = mkdtemp(name.data());
  }
  ~Import() override { fs::remove_all(folder); }

  fs::path write(const std::string& name, const std::string& text) {
    std::ofstream(folder / name, std::ios::binary) << text;
    return folder / name;
  }
  std::string failure(const fs::path& source) {
    try {
      catalogue.import(source);
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::usage);
      return error.what();
    }
    return "";
  }

  fs::path folder;
  Catalogue catalogue;
};

TEST_F(Import, ReadsWhatAwsPublishes) {
  write("aws-test-widget.json", widget);
  write("notes.json", R"({"hello": 1})");
  EXPECT_EQ(catalogue.import(folder), 1U);
  const auto* type = catalogue.find("test", "widget");
  ASSERT_NE(type, nullptr);
  EXPECT_TRUE(type->deployable() && type->deleteFirst);
  EXPECT_EQ(type->identifier, std::vector<std::string>{"Id"});
  EXPECT_EQ(type->tagProperty, "Tags");
  const auto& root = *type->root;
  EXPECT_TRUE(root.find("Id")->readOnly);
  EXPECT_TRUE(root.find("Name")->required && root.find("Name")->createOnly);
  EXPECT_EQ(root.find("Name")->shape->maxLength, 5U);
  EXPECT_EQ(root.find("Size")->defaultJson, R"({"Width":1})");
  EXPECT_EQ(root.find("Size")->shape->find("Width")->shape->maximum, 9.0);
  EXPECT_TRUE(root.find("Secret")->shape->find("Password")->writeOnly);
  EXPECT_FALSE(root.find("Secret")->shape->find("User")->writeOnly);
  const auto& parts = *root.find("Parts")->shape;
  EXPECT_TRUE(parts.unordered && parts.unique && parts.minLength == 1U);
  EXPECT_EQ(parts.element->kind, Kind::oneOf);
  EXPECT_EQ(root.find("Labels")->shape->kind, Kind::map);
  EXPECT_EQ(root.find("Policy")->shape->kind, Kind::any);
  EXPECT_EQ(root.find("Either")->shape->kind, Kind::oneOf);
  EXPECT_EQ(root.find("Choice")->shape->properties.size(), 2U);
  EXPECT_EQ(root.find("Whole")->shape->properties.size(), 3U);
  ASSERT_EQ(root.find("Role")->refersTo.size(), 1);
  EXPECT_EQ(root.find("Role")->refersTo[0].type, "AWS::IAM::Role");
  ASSERT_EQ(root.find("Keys")->refersTo.size(), 2);
  EXPECT_EQ(root.find("Keys")->refersTo[1].property, "AliasName");
  EXPECT_EQ(root.find("Keys")->shape->element->kind, Kind::string);
  EXPECT_EQ(catalogue.documented("AWS::Test::Widget")->root->find("Name")->documentation, "Its name.");
}

TEST_F(Import, KnowsWhatAListMustBeGivenAndWhatCannotBeListed) {
  write("w.json", widget);
  auto other = Json::parse(widget);
  other["typeName"] = "AWS::Test::Gadget";
  other["handlers"].erase("list");
  write("g.json", other.dump());
  catalogue.import(folder);
  EXPECT_TRUE(catalogue.find("AWS::Test::Widget")->listable);
  EXPECT_EQ(catalogue.find("AWS::Test::Widget")->listRequires, std::vector<std::string>{"Name"});
  EXPECT_FALSE(catalogue.find("AWS::Test::Gadget")->listable);
}

TEST_F(Import, MarksAPropertyOnlyWhereItsPathSays) {
  write("w.json", widget);
  catalogue.import(folder);
  const auto& root = *catalogue.find("AWS::Test::Widget")->root;
  EXPECT_TRUE(root.find("Size")->shape->find("Width")->createOnly);
  EXPECT_FALSE(root.find("Other")->shape->find("Width")->createOnly);
  EXPECT_TRUE(root.find("Size")->shape->find("Inner")->shape->find("Width")->readOnly);
  EXPECT_FALSE(root.find("Other")->shape->find("Inner")->shape->find("Width")->readOnly);
}

TEST_F(Import, ValidatesByWhatItRead) {
  write("w.json", widget);
  catalogue.import(folder);
  const auto& type = *catalogue.find("AWS::Test::Widget");
  const auto good = Json::parse(
      R"({"Name":"a-b","Size":{"Width":9},"Parts":["x",{"Width":2}],"Labels":{"anyKey":"v"},"Policy":"text","Either":4,
          "Whole":{"Width":1,"Depth":2},"Choice":{"B":"b"}})");
  EXPECT_THAT(validate(type, good), testing::IsEmpty());
  const auto bad =
      Json::parse(R"({"Name":"toolong","Size":{"Width":10},"Parts":[],"Labels":{"a":1},"Either":true})");
  EXPECT_EQ(validate(type, bad).size(), 5U);
}

TEST_F(Import, TakesPrecedenceAndOverlaysApplyOnTop) {
  write("c.json",
        R"({"typeName":"AWS::IVS::Channel","properties":{"Name":{"type":"string"},"Fresh":{"type":"boolean"},
    "Tags":{"type":"array","items":{"$ref":"#/definitions/Tag"}}},
    "definitions":{"Tag":{"type":"object","properties":{"Key":{"type":"string"},"Value":{"type":"string"}}}},
    "primaryIdentifier":["/properties/Arn"],"handlers":{"create":{},"read":{},"delete":{}}})");
  const auto* before = catalogue.find("AWS::IVS::Channel");
  const auto count = catalogue.names().size();
  catalogue.import(folder);
  const auto* type = catalogue.find("AWS::IVS::Channel");
  EXPECT_EQ(catalogue.names().size(), count);
  EXPECT_NE(type, before);
  EXPECT_EQ(before->root->find("Fresh"), nullptr);
  EXPECT_NE(type->root->find("Fresh"), nullptr);
  EXPECT_EQ(type->root->find("Name")->shape->maxLength, 128U);
  EXPECT_EQ(type->root->find("Tags")->shape->element->find("Key")->shape->maxLength, 128U);
}

TEST_F(Import, SaysWhyATypeCannotBeDeployed) {
  write("a.json", R"({"typeName":"AWS::Test::A","properties":{},"primaryIdentifier":["/properties/Id"]})");
  write("b.json", R"({"typeName":"AWS::Test::B","properties":{},"handlers":{"create":{},"read":{}}})");
  catalogue.import(folder);
  EXPECT_EQ(catalogue.find("AWS::Test::A")->notDeployable,
            "its schema names no handlers, so the Cloud Control API cannot manage it");
  EXPECT_EQ(catalogue.find("AWS::Test::B")->notDeployable,
            "its schema names no \"delete\" handler, so the Cloud Control API cannot manage it");
}

TEST_F(Import, IsKeptInAFileThatLaterRunsLoad) {
  write("w.json", widget);
  const auto kept = folder / "schemas";
  EXPECT_EQ(importInto(folder, kept), 1U);
  catalogue.load(kept);
  EXPECT_NE(catalogue.find("AWS::Test::Widget"), nullptr);
  EXPECT_NE(catalogue.find("AWS::S3::Bucket"), nullptr);
}

TEST_F(Import, ReadsAZip) {
  const auto zip = write("all.zip", zipOf({{"readme.txt", "x"}, {"aws-test-widget.json", widget}}));
  EXPECT_EQ(catalogue.import(zip), 1U);
  EXPECT_NE(catalogue.find("AWS::Test::Widget"), nullptr);
}

TEST_F(Import, NamesTheFileAtFault) {
  EXPECT_EQ(failure(folder), folder.string() + " holds no schemas of resource types");
  write("bad.json", "{");
  EXPECT_EQ(failure(folder), (folder / "bad.json").string() + " is not JSON");
  const auto zip = write("bad.zip", zipOf({{"in.json", "{"}}));
  EXPECT_EQ(failure(zip), zip.string() + " (in.json) is not JSON");
  EXPECT_EQ(failure(folder / "absent"), "cannot read " + (folder / "absent").string());
}

TEST_F(Import, RefusesADamagedFileOfSchemas) {
  write("w.json", widget);
  importInto(folder, folder / "schemas");
  for (const std::string& text : {std::string("nonsense"), std::string("athcat1\n\xff\xff\xff\xff", 12)}) {
    const auto file = write("damaged", text);
    EXPECT_THROW(catalogue.load(file), Error);
  }
}

TEST_F(Import, SurvivesHostileSchemas) {
  write("loop.json",
        R"({"typeName":"AWS::Test::Loop","properties":{"A":{"$ref":"#/definitions/A"},"B":{"$ref":"#/x/y"},
    "C":5,"D":{"type":7,"enum":3,"required":"x","properties":[]},"E":{"allOf":[{"$ref":"#/definitions/E"}]}},
    "definitions":{"A":{"$ref":"#/definitions/A"},"E":{"allOf":[{"$ref":"#/definitions/E"}],"properties":{"X":{}}}},
    "required":5,"primaryIdentifier":"x","readOnlyProperties":["/properties/A/B/C","",7],"handlers":7,"tagging":"x"})");
  EXPECT_EQ(catalogue.import(folder), 1U);
  EXPECT_NE(catalogue.find("AWS::Test::Loop"), nullptr);
}

TEST(Zip, ThatIsCutOrChangedIsRefusedAndNeverReadPast) {
  const auto whole = zipOf({{"a.json", "{\"a\":1}"}, {"b.json", std::string(500, 'x')}});
  const auto read = [](const std::string& bytes) {
    readZip(bytes, "zip", [](const auto&) { return true; }, [](const auto&, const auto&) {});
  };
  EXPECT_NO_THROW(read(whole));
  for (std::size_t length = 0; length < whole.size(); ++length)
    EXPECT_THROW(read(whole.substr(0, length)), Error) << length;
  for (std::size_t i = 0; i < whole.size(); ++i)
    for (const int bit : {0, 7}) {
      auto changed = whole;
      changed[i] = static_cast<char>(changed[i] ^ (1 << bit));
      try {
        read(changed);
      } catch (const Error&) {  // refused, which is right as well
      }
    }
}

}  // namespace
}  // namespace athanor::schema
