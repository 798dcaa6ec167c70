#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace athanor::schema {

enum class Kind : std::uint8_t {
  string,
  integer,
  number,
  boolean,
  object,  ///< named properties, no others
  map,     ///< the user's own keys; they are never re-cased
  list,
  any,    ///< free-form JSON (policy documents); never re-cased
  oneOf,  ///< one of several shapes
};

/// What AWS itself makes of a property that the catalogue knows.
enum class Support : std::uint8_t {
  native,      ///< AWS has it
  translated,  ///< AWS has it under another name or form (schema/translate.h)
  localOnly,   ///< AWS does not honour it; only the AWS that runs here does
};

struct Shape;
class Pattern;

/// What a value names: the property of a resource of another type ("Arn" of "AWS::IAM::Role").
struct Referent {
  std::string type;
  std::string property;
};

struct Property {
  std::string name;  ///< AWS's casing: "KMSKeyId"
  const Shape* shape = nullptr;
  bool required = false;
  bool readOnly = false;    ///< set by the service; a program cannot give it
  bool writeOnly = false;   ///< never read back
  bool createOnly = false;  ///< changing it means replacing the resource
  Support support = Support::native;
  std::string supportNote = {};  ///< a sentence: why AWS does not honour it, or what becomes of it; may be ""
  std::string defaultJson;       ///< the service's default as JSON text; "" where none is known
  std::string documentation;     ///< plain text; may be ""
  /// Whose property a value, or each item of a list, may be; any of them. AWS gathers these from use: they
  /// say what may stand here, and other values may be right too.
  std::vector<Referent> refersTo = {};
};

/// The form of a value. Shapes may be recursive; they belong to their Type.
struct Shape {
  Kind kind = Kind::any;
  std::string name;                        ///< the definition's name ("S3DestinationConfiguration"), or ""
  std::vector<Property> properties;        ///< object: sorted by name
  const Shape* element = nullptr;          ///< list and map
  std::vector<const Shape*> alternatives;  ///< oneOf
  bool unordered = false;                  ///< list: order has no meaning
  bool unique = false;                     ///< list: no item twice
  std::optional<double> minimum, maximum;  ///< numbers, inclusive
  std::optional<std::uint64_t> minLength, maxLength;  ///< characters of a string, items of a list
  std::string pattern;                                ///< ECMA-262 regular expression; "" = none
  std::vector<std::string> allowed;                   ///< enum: its values; empty = any
  std::shared_ptr<const Pattern> matcher = {};        ///< `pattern`, compiled when first needed; may be null

  /// The property of that name: AWS's casing first, else in any casing; null where there is none.
  const Property* find(std::string_view name) const;
};

/// A resource type of AWS.
struct Type {
  std::string name;  ///< "AWS::IVS::RecordingConfiguration"
  const Shape* root = nullptr;
  std::vector<std::string>
      identifier;  ///< the primary identifier's properties, in the schema's order; "A/B" is a nested one
  std::string arnTemplate;  ///< "" where unknown
  std::string tagProperty;  ///< "Tags", or ""
  std::string documentation;
  std::string notDeployable;  ///< why it cannot be deployed; "" where it can
  bool deleteFirst = false;   ///< replacement deletes the old one first
  bool listable = true;       ///< ListResources knows it; false only where AWS's own schema says so
  std::vector<std::string> listRequires =
      {};  ///< properties that ListResources must be given, as far as known
  struct Rule;
  std::vector<Rule> rules;  ///< contradictions between values (overlays)

  bool deployable() const { return notDeployable.empty(); }
};

/// Where `when` (a JSON pointer; "*" stands for any item) has the value `equals` ("" = any), `needs` must be
/// present, or `excludes` must not be; an empty list or object counts as absent.
struct Type::Rule {
  std::string when;
  std::string equals;
  std::string needs;
  std::string excludes;
  std::string text;  ///< the sentence the user reads
};

}  // namespace athanor::schema
