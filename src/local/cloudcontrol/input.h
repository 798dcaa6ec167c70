#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/json.h"

namespace athanor::local::cloudcontrol {

/// The members of one request, read with the constraints of the API's model. Violations are gathered, and
/// check() throws them together as AWS words them.
class Input {
 public:
  /// Parses the body; throws ApiError (SerializationException) where it is no JSON object.
  explicit Input(std::string_view body);

  /// What a member must look like. Sets of characters stand for the patterns of the API's model.
  struct Form {
    std::size_t least;
    std::size_t most;
    bool (*fits)(std::string_view) = nullptr;
    std::string_view pattern;  ///< as shown when it does not fit
  };

  std::string required(std::string_view member, const Form& form);
  /// "" where it is absent.
  std::string optional(std::string_view member, const Form& form);
  std::int64_t integer(std::string_view member, std::int64_t least, std::int64_t most, std::int64_t fallback);
  /// A list of strings inside of an object member; empty where absent.
  std::vector<std::string> words(std::string_view object, std::string_view list,
                                 const std::vector<std::string_view>& allowed);
  /// Throws ApiError (ValidationException) with every violation found so far.
  void check() const;
  const Json& body() const { return body_; }

 private:
  void violation(std::string_view member, const std::string& value, const std::string& constraint);
  const Json* member(std::string_view name) const;

  Json body_;
  std::vector<std::string> violations_;
};

/// The number that a NextToken of ours stands for, or `fallback` for the first page. Throws ApiError for a
/// token that is none of ours.
std::int64_t pageFrom(const std::string& nextToken, std::int64_t fallback);

/// The members that several operations share.
namespace form {
extern const Input::Form typeName, roleArn, typeVersionId, identifier, clientToken, requestToken, nextToken,
    handlerNextToken, model, patch;
}

}  // namespace athanor::local::cloudcontrol
