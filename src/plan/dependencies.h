#pragma once

#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "base/json.h"
#include "base/reference.h"
#include "base/resource.h"

namespace athanor::plan {

/// The identifiers and ARNs of the resources that a program has awaited so far, to be found again in the
/// strings of later declarations. Looking a text through costs its length, however many are known.
class KnownNames {
 public:
  /// Takes in what a resource was seen to be called: its identifier, and every output that is an ARN.
  void add(const std::string& id, const std::string& identifier, const Json& outputs);
  /// Ids of the resources whose names appear in a string anywhere in `value`, each once, in order of
  /// appearance.
  std::vector<std::string> in(const Json& value) const;

 private:
  struct Name {
    std::string text;
    std::string id;
  };
  void addName(const std::string& id, const std::string& text);
  void scan(std::string_view text, std::vector<std::string>& out) const;

  /// By the last bytes of each name, which differ where the first ("arn:aws:…") do not.
  std::unordered_multimap<std::uint64_t, Name> byEnding_;
  std::unordered_multimap<std::string, std::string>
      short_;  ///< names too short for an ending: whole strings only
};

/// Ids that a declaration depends on: references in its props, names of awaited resources in its strings, and
/// its `dependsOn` option. Recorded references that still resolve count once withReferences() has put them
/// back into the props. Sorted, each once.
std::vector<std::string> dependencies(const Declaration& declaration, const KnownNames& names);

/// `desired` with the references of a recorded template put back wherever they still resolve to the value
/// given. `find` gives the value of a reference now.
Json withReferences(const Json& recordedTemplate, const Json& desired,
                    const std::function<std::optional<Json>(const Reference&)>& find);

/// Puts resources that are to be deleted in order: those that depend on another come before it. Gives, for
/// each, the indexes of those that must be gone first. Recorded cycles are cut.
std::vector<std::vector<std::size_t>> deleteOrder(const std::vector<Resource>& resources);

}  // namespace athanor::plan
