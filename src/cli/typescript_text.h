#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "base/json.h"

namespace athanor::cli {

/// The variable that a program would keep the resource of an id in: the id itself where it is a name of
/// JavaScript and means nothing else, with what cannot stand in one as "_" otherwise.
std::string variableName(const std::string& id);

/// A value of a template (base/reference.h) as an expression of TypeScript: on one line where it ends before
/// column 100 of a line on which it begins at `column`, else over several, indented by two spaces a level
/// below `indent`. A reference is the output of the variable of its id.
std::string typescriptValue(const Json& value, std::size_t indent = 0, std::size_t column = 0);

/// What a program writes to declare a resource.
struct TypescriptDeclaration {
  std::string type;  ///< "AWS::IVS::Channel"
  std::string id;
  Json props = Json::object();  ///< a template, in the casing that is to be printed
  Json options = Json::object();
  std::vector<std::string> comments = {};  ///< a line each, without "//", at the beginning of the props
};

/// The statement that declares it, with its line end.
std::string typescriptText(const TypescriptDeclaration& declaration);

}  // namespace athanor::cli
