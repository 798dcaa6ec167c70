#pragma once

#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "base/reference.h"
#include "engine/deployment.h"
#include "engine/history.h"
#include "engine/journal.h"
#include "engine/redaction.h"

namespace athanor::engine {

/// What an import found, and records or has recorded.
struct Imports {
  struct One {
    /// `props` is what the program has to declare for a plan with nothing to do; what the service made and
    /// another recorded resource has as an output is a reference to it. `secrets` are the places of values
    /// that hold a secret of another recorded resource, and are not to be shown.
    Resource resource;
    /// JSON pointers of required properties that cannot be read: the program has to give them.
    std::vector<std::string> missing = {};
    std::vector<std::string> problems = {};  ///< what else the schema does not take of it, a sentence each
  };
  struct Known {
    std::string id;
    std::string identifier;
  };

  state::Scope scope;
  Target target;
  std::vector<One> found = {};
  std::vector<Known> known = {};        ///< what was recorded already
  std::vector<std::string> notes = {};  ///< what could not be read, a sentence each
};

/// Records resources that exist and that no deployment made.
/// A command calls begin(), one() or all(), record(); where nothing is to be recorded one() or all() alone.
class Import {
 public:
  Import(Context context, Settings settings);
  Import(const Import&) = delete;
  Import& operator=(const Import&) = delete;
  ~Import() = default;

  /// Takes the scope's lock, after what an interrupted deployment left in the journal is finished.
  Task<> begin();
  /// Reads one resource, named by its primary identifier: plain, "A|B", or JSON. `id` "" derives one of its
  /// name. Throws Error(usage) where the identifier is none of the type's, Error(notFound) where nothing such
  /// exists, Error(refused) where it is recorded already, the id is taken, the type cannot be deployed, or
  /// the scope is deployed to another target. `type` outlives the task.
  Task<Imports> one(const schema::Type* type, std::string identifier, std::string id);
  /// Reads all of a type that are not recorded yet, in the order of their identifiers.
  Task<Imports> all(const schema::Type* type);
  /// Records what was found, in one transaction.
  Task<> record(Imports imports);

 private:
  Task<> makeReady();
  Task<Imports> takeOne(const schema::Type* type, std::string identifier, std::string id);
  Task<Imports> takeAll(const schema::Type* type);
  Task<> recordAll(Imports imports);
  Task<Imports> open(const schema::Type* type);
  Imports::One take(const schema::Type& type, provider::Live live, std::string id);
  std::string freshId(const schema::Type& type, const Json& live, const std::string& identifier) const;
  const std::string* recordedAs(const std::string& type, const std::string& identifier) const;

  Context context_;
  Settings settings_;
  History history_;
  Redaction redaction_ = {};
  std::unique_ptr<Journal> journal_ = {};
  Target target_ = {};
  std::vector<Resource> recorded_ = {};
  std::set<std::string> taken_ = {};            ///< ids
  std::map<std::string, Reference> made_ = {};  ///< values that services made, and whose outputs they are
};

/// An id for a resource of that name or identifier: "match-recordings" → "matchRecordings", of an ARN what
/// follows the last slash or colon. `word` ("channel") goes before what cannot begin a name.
std::string idFrom(const std::string& name, const std::string& word);

}  // namespace athanor::engine
