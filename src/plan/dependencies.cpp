#include "plan/dependencies.h"

#include <algorithm>
#include <cstring>
#include <functional>
#include <set>

#include "base/reference.h"

namespace athanor::plan {

namespace {

constexpr std::size_t endingLength = sizeof(std::uint64_t);

std::uint64_t ending(std::string_view text) {
  std::uint64_t key = 0;
  std::memcpy(&key, text.data() + text.size() - endingLength, endingLength);
  return key;
}

void push(std::vector<std::string>& out, const std::string& id) {
  if (std::ranges::find(out, id) == out.end()) out.push_back(id);
}

}  // namespace

void KnownNames::addName(const std::string& id, const std::string& text) {
  if (text.size() < endingLength) {
    if (!text.empty()) short_.emplace(text, id);
  } else {
    byEnding_.emplace(ending(text), Name{text, id});
  }
}

void KnownNames::add(const std::string& id, const std::string& identifier, const Json& outputs) {
  addName(id, identifier);
  if (!outputs.is_object()) return;
  for (const auto& output : outputs)
    if (output.is_string() && output.get_ref<const std::string&>().starts_with("arn:") &&
        output != identifier)
      addName(id, output.get_ref<const std::string&>());
}

void KnownNames::scan(std::string_view text, std::vector<std::string>& out) const {
  auto [first, last] = short_.equal_range(std::string(text));
  for (; first != last; ++first) push(out, first->second);
  for (std::size_t end = endingLength; end <= text.size(); ++end) {
    auto [one, none] = byEnding_.equal_range(ending(text.substr(0, end)));
    for (; one != none; ++one)
      if (text.substr(0, end).ends_with(one->second.text)) push(out, one->second.id);
  }
}

std::vector<std::string> KnownNames::in(const Json& value) const {
  std::vector<std::string> out;
  const std::function<void(const Json&)> walk = [&](const Json& inner) {
    if (inner.is_string()) {
      scan(inner.get_ref<const std::string&>(), out);
    } else if (inner.is_structured() && !asReference(inner)) {
      for (const auto& [key, child] : inner.items()) {
        if (inner.is_object()) scan(key, out);
        walk(child);
      }
    }
  };
  walk(value);
  return out;
}

std::vector<std::string> dependencies(const Declaration& declaration, const KnownNames& names) {
  std::set<std::string> ids;
  for (const auto& reference : references(declaration.props)) ids.insert(reference.id);
  for (auto& id : names.in(declaration.props)) ids.insert(std::move(id));
  ids.insert(declaration.options.dependsOn.begin(), declaration.options.dependsOn.end());
  ids.erase(declaration.id);
  return {ids.begin(), ids.end()};
}

Json withReferences(const Json& recordedTemplate, const Json& desired,
                    const std::function<std::optional<Json>(const Reference&)>& find) {
  if (isUnknown(recordedTemplate))
    return substitute(recordedTemplate, find) == desired ? recordedTemplate : desired;
  if (recordedTemplate.is_object() && desired.is_object()) {
    Json out = desired;
    for (auto& [key, value] : out.items())
      if (auto before = recordedTemplate.find(key); before != recordedTemplate.end())
        value = withReferences(*before, value, find);
    return out;
  }
  if (recordedTemplate.is_array() && desired.is_array() && recordedTemplate.size() == desired.size()) {
    Json out = desired;
    for (std::size_t i = 0; i < out.size(); ++i) out[i] = withReferences(recordedTemplate[i], out[i], find);
    return out;
  }
  return desired;
}

std::vector<std::vector<std::size_t>> deleteOrder(const std::vector<Resource>& resources) {
  std::unordered_multimap<std::string, std::size_t> byId;
  for (std::size_t i = 0; i < resources.size(); ++i) byId.emplace(resources[i].id, i);
  std::vector<std::vector<std::size_t>> before(resources.size());
  enum class Mark : std::uint8_t { unseen, open, done };
  std::vector<Mark> marks(resources.size(), Mark::unseen);
  // Depth first along "depends on"; an edge back to an open one would close a cycle and is left out.
  const std::function<void(std::size_t)> visit = [&](std::size_t i) {
    marks[i] = Mark::open;
    for (const auto& id : resources[i].dependsOn) {
      auto [one, none] = byId.equal_range(id);
      for (; one != none; ++one) {
        const auto producer = one->second;
        if (marks[producer] == Mark::open) continue;
        before[producer].push_back(i);
        if (marks[producer] == Mark::unseen) visit(producer);
      }
    }
    marks[i] = Mark::done;
  };
  for (std::size_t i = 0; i < resources.size(); ++i)
    if (marks[i] == Mark::unseen) visit(i);
  return before;
}

}  // namespace athanor::plan
