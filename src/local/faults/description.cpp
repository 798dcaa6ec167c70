#include "local/faults/description.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <algorithm>
#include <charconv>
#include <fstream>
#include <random>
#include <sstream>

#include "base/error.h"
#include "local/faults/vocabulary.h"
#include "schema/names.h"

namespace athanor::local {

namespace {

using vocabulary::Words;

std::string listed(const auto& words) { return fmt::format("{}", fmt::join(words, ", ")); }

std::vector<std::string_view> namesOf(auto all) {
  std::vector<std::string_view> out;
  for (const auto& one : all) out.push_back(one.name);
  return out;
}

/// The members of one description. Numbers may come as text, since flags know nothing else.
class Description {
 public:
  Description(const Json& json, std::string where) : json_(json), where_(std::move(where)) {
    if (!json.is_object())
      throw wrong("it is no JSON object").next("A fault is one: {\"kind\": \"throttle\"}.");
  }

  Error wrong(const std::string& what) const { return {ErrorCode::usage, where_ + ": " + what}; }

  bool has(const char* member) const { return json_.contains(member); }

  std::string text(const char* member) const {
    if (!has(member)) return "";
    if (!json_[member].is_string()) throw unfit(member, "a text");
    return json_[member].get<std::string>();
  }

  double number(const char* member, double least, double most, double fallback, const char* what) const {
    if (!has(member)) return fallback;
    const auto& value = json_[member];
    double out = value.is_number() ? value.get<double>() : 0;
    bool fits = value.is_number();
    if (value.is_string()) {
      const auto& digits = value.get_ref<const std::string&>();
      const auto* end = digits.data() + digits.size();
      fits = std::from_chars(digits.data(), end, out).ptr == end && !digits.empty();
    }
    if (!fits || !(out >= least && out <= most)) throw unfit(member, what);
    return out;
  }

  std::uint64_t whole(const char* member, std::uint64_t least, const char* what) const {
    const auto& value = json_[member];
    bool fits = value.is_number_integer() && (value.is_number_unsigned() || value.get<std::int64_t>() >= 0);
    std::uint64_t out = fits ? value.get<std::uint64_t>() : 0;
    if (value.is_string()) {
      const auto& digits = value.get_ref<const std::string&>();
      const auto* end = digits.data() + digits.size();
      fits = std::from_chars(digits.data(), end, out).ptr == end && !digits.empty();
    }
    if (!fits || out < least) throw unfit(member, what);
    return out;
  }

  /// The one of `words` that the member names.
  std::string_view oneOf(const char* member, Words words, std::string_view fallback = {}) const {
    if (!has(member) && !fallback.empty()) return fallback;
    if (!has(member))
      throw wrong(fmt::format("\"{}\" is missing", member)).next("It is one of: " + listed(words) + ".");
    const auto given = text(member);
    const auto found = std::ranges::find(words, given);
    if (found == words.end()) throw unknown(member, given, given, words);
    return *found;
  }

  /// `spelled`: what the nearest word is looked up by.
  Error unknown(const char* member, const std::string& given, const std::string& spelled, Words words) const {
    const auto near = schema::nearestOf(spelled, words);
    return wrong(fmt::format("\"{}\" is no {} of a fault", given, member))
        .next(fmt::format("{}It is one of: {}.",
                          near.empty() ? "" : fmt::format("Did you mean \"{}\"? ", near), listed(words)));
  }

  Error unfit(const char* member, const std::string& what) const {
    return wrong(fmt::format("\"{}\" is {}, not {}", member, what, json_[member].dump()));
  }

  const Json& json() const { return json_; }

 private:
  const Json& json_;
  std::string where_;
};

void checkMembers(const Description& from, const vocabulary::Kind& kind) {
  std::vector<std::string_view> known(vocabulary::commonMembers().begin(), vocabulary::commonMembers().end());
  known.insert(known.end(), kind.members.begin(), kind.members.end());
  for (const auto& [name, value] : from.json().items()) {
    if (std::ranges::find(known, name) != known.end()) continue;
    const auto near = schema::nearestOf(name, known);
    throw from.wrong(fmt::format("a fault of kind {} has no member \"{}\"", kind.name, name))
        .next(fmt::format("{}It may have: {}.",
                          near.empty() ? "" : fmt::format("Did you mean \"{}\"? ", near), listed(known)));
  }
}

/// "create|update", or a list of such names.
std::vector<std::string> operationsFrom(const Description& from, const vocabulary::Kind& kind) {
  if (!from.has("operation")) return {};
  std::vector<std::string> out, given;
  if (from.json()["operation"].is_array())
    for (const auto& one : from.json()["operation"])
      given.push_back(one.is_string() ? one.get<std::string>() : one.dump());
  else
    for (std::istringstream names(from.text("operation")); names;)
      if (std::string one; std::getline(names, one, '|')) given.push_back(one);
  std::vector<std::string_view> known;
  for (const auto& one : vocabulary::operations())
    if (std::ranges::find(kind.operations, one.name) != kind.operations.end()) known.push_back(one.shortName);
  for (const auto& name : given) {
    const auto found = std::ranges::find_if(
        vocabulary::operations(), [&](const auto& one) { return one.name == name || one.shortName == name; });
    if (found == vocabulary::operations().end()) throw from.unknown("operation", name, name, known);
    if (std::ranges::find(kind.operations, found->name) == kind.operations.end())
      throw from.wrong(fmt::format("a fault of kind {} does not strike {}", kind.name, found->name))
          .next("Its operation is one or several of: " + listed(known) + ".");
    out.emplace_back(found->name);
  }
  if (out.empty()) throw from.unfit("operation", "the name of an operation, or several");
  return out;
}

std::string exceptionFrom(const Description& from) {
  const auto names = namesOf(vocabulary::exceptions());
  auto given = from.text("exception");
  if (given.empty()) return std::string(from.oneOf("exception", names));
  auto full = given.ends_with("Exception") ? given : given + "Exception";
  if (std::ranges::find(names, full) != names.end()) return full;
  if (std::ranges::find(names, given) != names.end()) return given;
  throw from.unknown("exception", given, full, names);
}

/// "500", or "100-900" for a draw between the two.
void readDuration(const Description& from, Fault& to) {
  constexpr auto what = "a number of milliseconds up to a day, or two as in \"100-900\"";
  constexpr std::uint64_t day = 86'400'000;
  if (!from.has("milliseconds"))
    throw from.wrong("\"milliseconds\" is missing").next(fmt::format("It is {}.", what));
  std::uint64_t least = 0, most = 0;
  const auto& value = from.json()["milliseconds"];
  if (const auto text = value.is_string() ? value.get<std::string>() : ""; text.contains('-')) {
    const auto dash = text.find('-');
    const Json two = {{"least", text.substr(0, dash)}, {"most", text.substr(dash + 1)}};
    try {
      const Description parts(two, "");
      least = parts.whole("least", 0, what);
      most = parts.whole("most", 0, what);
    } catch (const Error&) {
      throw from.unfit("milliseconds", what);
    }
  } else {
    least = most = from.whole("milliseconds", 0, what);
  }
  if (least > most || most > day) throw from.unfit("milliseconds", what);
  to.least = Fault::Milliseconds(least);
  to.most = Fault::Milliseconds(most);
}

Json changesFrom(const Description& from) {
  constexpr auto what = "an object of properties to set (null takes one away)";
  if (!from.has("set")) throw from.wrong("\"set\" is missing").next(fmt::format("It is {}.", what));
  auto out = from.json()["set"];
  if (out.is_string()) out = Json::parse(out.get<std::string>(), nullptr, false);
  if (!out.is_object() || out.empty()) throw from.unfit("set", what);
  return out;
}

void readKind(const Description& from, Fault& to) {
  constexpr double mostRate = 1e9;
  to.message = from.text("message");
  switch (to.kind) {
    case Fault::Kind::throttle:
      to.rate = from.number("rate", std::numeric_limits<double>::min(), mostRate, 0, "a number above 0");
      break;
    case Fault::Kind::error:
      to.exception = exceptionFrom(from);
      break;
    case Fault::Kind::fail:
      to.code = from.oneOf("code", vocabulary::errorCodes());
      break;
    case Fault::Kind::createFailed:
      to.code = from.oneOf("code", vocabulary::errorCodes(), "NotStabilized");
      break;
    case Fault::Kind::slow:
    case Fault::Kind::stale:
      readDuration(from, to);
      break;
    case Fault::Kind::edit:
      to.set = changesFrom(from);
      break;
    case Fault::Kind::stop: {
      static constexpr std::string_view moments[] = {"after-commit", "before-commit"};
      to.stopAt = from.oneOf("at", moments, moments[0]) == moments[0] ? Fault::StopAt::afterCommit
                                                                      : Fault::StopAt::beforeCommit;
      break;
    }
    default:
      break;
  }
}

Fault faultFrom(const Json& json, const std::string& where, std::uint64_t seed) {
  const Description from(json, where);
  const auto names = namesOf(vocabulary::kinds());
  const auto& kind =
      *std::ranges::find(vocabulary::kinds(), from.oneOf("kind", names), &vocabulary::Kind::name);
  checkMembers(from, kind);
  Fault out;
  out.kind = kind.kind;
  out.type = from.text("type");
  out.identifier = from.text("identifier");
  out.operations = operationsFrom(from, kind);
  out.account = from.text("account");
  out.region = from.text("region");
  out.probability = from.number("probability", 0, 1, 1, "a number from 0 to 1");
  if (from.has("after")) out.after = from.whole("after", 0, "a whole number");
  if (from.has("count")) out.count = from.whole("count", 1, "a whole number from 1");
  out.seed = from.has("seed") ? from.whole("seed", 0, "a whole number") : seed;
  readKind(from, out);
  return out;
}

}  // namespace

std::vector<Fault> faultsFrom(const Json& document, const Sources& sources) {
  const bool whole = document.is_object() && !document.contains("kind");
  std::uint64_t seed = sources.random() >> 32;  // short enough to be typed
  if (whole) {
    const Description from(document, "the faults");
    for (const auto& [name, value] : document.items())
      if (name != "seed" && name != "faults")
        throw from.wrong(fmt::format("there is no member \"{}\"", name))
            .next(R"(They are {"seed": 7, "faults": [{"kind": …}, …]}, a list of faults, or one fault.)");
    if (!document.contains("faults") || !document["faults"].is_array())
      throw from.wrong("\"faults\" is no list");
    if (document.contains("seed")) seed = from.whole("seed", 0, "a whole number");
  }
  const Json one = Json::array({document});
  const auto& all = whole ? document["faults"] : document.is_array() ? document : one;
  std::mt19937_64 seeds(seed);
  std::vector<Fault> out;
  out.reserve(all.size());
  for (std::size_t i = 0; i < all.size(); ++i)
    out.push_back(
        faultFrom(all[i], all.size() > 1 ? fmt::format("fault {}", i + 1) : "the fault", seeds() >> 32));
  return out;
}

std::vector<Fault> faultsFromFlag(const std::string& text, const Sources& sources) {
  if (text.starts_with('{') || text.starts_with('['))
    return faultsFrom(parseJson(text, "the fault"), sources);
  Json json = Json::object();
  std::istringstream words(text);
  for (std::string word; std::getline(words, word, ',');) {
    const auto equals = word.find('=');
    if (equals == std::string::npos && !json.empty())
      throw Error(ErrorCode::usage, fmt::format("the fault \"{}\": \"{}\" is not NAME=VALUE", text, word))
          .next(
              "A fault is a kind and its members: throttle,type=AWS::IVS::*,probability=0.2. What holds a "
              "comma needs the form in JSON: {\"kind\": …}.");
    if (equals == std::string::npos)
      json["kind"] = word;
    else
      json[word.substr(0, equals)] = word.substr(equals + 1);
  }
  return faultsFrom(json.contains("kind") ? json : Json::array({json}), sources);
}

std::vector<Fault> faultsFromFile(const std::filesystem::path& file, const Sources& sources) {
  std::ifstream in(file);
  std::ostringstream text;
  if (!in || !(text << in.rdbuf()))
    throw Error(ErrorCode::usage, fmt::format("the file of faults {} cannot be read", file.string()));
  try {
    return faultsFrom(parseJson(text.str(), file.string()), sources);
  } catch (const Error& error) {
    throw Error(ErrorCode::usage, fmt::format("{}: {}", file.string(), error.what())).next(error.hint());
  }
}

Json described(const Fault& fault) {
  const auto& kind = vocabulary::of(fault.kind);
  Json out = {{"kind", kind.name}, {"seed", fault.seed}};
  const std::pair<const char*, const std::string&> texts[] = {
      {"type", fault.type},      {"identifier", fault.identifier}, {"account", fault.account},
      {"region", fault.region},  {"exception", fault.exception},   {"code", fault.code},
      {"message", fault.message}};
  for (const auto& [name, text] : texts)
    if (!text.empty()) out[name] = text;
  if (!fault.operations.empty()) out["operation"] = fault.operations;
  if (fault.probability < 1) out["probability"] = fault.probability;
  if (fault.after > 0) out["after"] = fault.after;
  if (fault.count) out["count"] = *fault.count;
  if (fault.rate > 0) out["rate"] = fault.rate;
  if (!fault.set.is_null()) out["set"] = fault.set;
  if (fault.kind == Fault::Kind::stop)
    out["at"] = fault.stopAt == Fault::StopAt::afterCommit ? "after-commit" : "before-commit";
  if (std::ranges::find(kind.members, "milliseconds") != kind.members.end()) {
    if (fault.least == fault.most)
      out["milliseconds"] = fault.least.count();
    else
      out["milliseconds"] = fmt::format("{}-{}", fault.least.count(), fault.most.count());
  }
  return out;
}

ExceptionFacts factsOf(const std::string& exception) {
  const auto& found = *std::ranges::find(vocabulary::exceptions(), exception, &vocabulary::Exception::name);
  return {found.status, std::string(found.space) + exception};
}

}  // namespace athanor::local
