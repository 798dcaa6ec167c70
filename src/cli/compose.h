#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>

#include "aws/curl_client.h"
#include "aws/environment.h"
#include "base/loop.h"
#include "cli/arguments.h"
#include "cli/console.h"
#include "cli/interrupts.h"
#include "cli/local_aws.h"
#include "cli/place.h"
#include "program/typescript/program.h"
#include "provider/cloudcontrol/providers.h"
#include "schema/catalogue.h"
#include "state/seal.h"
#include "state/store.h"

namespace athanor::cli {

/// What a command is given by main.
struct Surroundings {
  const Arguments& arguments;
  const Console& console;
  const aws::Environment& environment;
  Interrupts& interrupts;
  std::filesystem::path directory;
};

/// The catalogue with what `schema import` added to `folder`, which is a `.athanor`.
std::unique_ptr<schema::Catalogue> openCatalogue(const std::filesystem::path& folder);
/// Where the key lies that seals what belongs to `folder`, which is a `.athanor` or an AWS's data folder.
state::Key keyOf(const std::filesystem::path& folder, const aws::Environment& environment);
/// The data folder of the AWS that runs here: --data, else `local` below the `.athanor` at hand; absolute.
std::filesystem::path dataOf(const Arguments& arguments, const Place& place);
/// Where `schema import` puts what it read.
std::filesystem::path importedSchemas(const std::filesystem::path& folder);

/// The state of AWS itself, or, with --local, of the AWS that runs here, which is found but not started.
class StateAccess {
 public:
  explicit StateAccess(const Surroundings& around);
  state::Store& store() { return *store_; }
  const Place& place() const { return place_; }
  /// The scope that the arguments name; without --app the only app that has the stage. Throws Error(usage)
  /// where that is not one, Error(notFound) where nothing is recorded.
  state::Scope scope();

 private:
  const Arguments& arguments_;
  Place place_;
  std::unique_ptr<state::Store> store_;
};

/// All that one deployment works with, put together as the arguments say.
class Workshop {
 public:
  explicit Workshop(const Surroundings& around);
  /// Leaves the JavaScript engine as it is, for the process is about to end: taking it down would take longer
  /// than a small deployment.
  ~Workshop();
  Workshop(const Workshop&) = delete;
  Workshop& operator=(const Workshop&) = delete;

  SystemLoop& loop() { return loop_; }
  const Place& place() const { return place_; }
  const schema::Catalogue& catalogue() const { return *catalogue_; }
  state::Store& store() { return *store_; }
  provider::Providers& providers() { return *providers_; }
  /// The data folder of the AWS that runs here, with --local; else empty.
  const std::filesystem::path& localData() const { return local_.data; }
  /// Who hears what an AWS that was started here has to say, on its thread; null for nobody, as at first.
  void notesTo(std::function<void(const std::string&)> hear);
  /// The program, made at the first call. Throws Error(usage) where none was named or found.
  engine::Program& program();

 private:
  void useLocal(const Surroundings& around);

  struct Notes {
    std::mutex mutex;
    std::function<void(const std::string&)> hear;
  };

  const Surroundings& around_;
  Place place_;
  Notes notes_;
  SystemLoop loop_;
  std::unique_ptr<schema::Catalogue> catalogue_;
  aws::CurlClient http_;
  LocalAws local_;
  std::unique_ptr<state::Store> store_;
  std::unique_ptr<provider::Providers> providers_;
  std::unique_ptr<program::JavaScript> javascript_;
  std::unique_ptr<engine::Program> program_;
};

}  // namespace athanor::cli
