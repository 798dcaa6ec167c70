#pragma once

#include <memory>
#include <string>

#include "base/resource.h"
#include "base/task.h"

namespace athanor::engine {

/// What a declaration gives back to the program.
struct Outputs {
  std::string type;
  std::string id;
  std::string identifier;  ///< "" while unknown
  /// The outputs in AWS's casing; what is not known yet stands as a reference to this resource
  /// (base/reference.h).
  Json values = Json::object();
  /// Anything that `values` does not name may still come: reading it gives a reference, not undefined.
  bool open = false;
};

/// What one pass of a program may ask of the engine. Every call belongs to one pass; once that has ended, a
/// call never settles.
class Host {
 public:
  virtual ~Host() = default;

  /// True in the preview, in which nothing is deployed.
  virtual bool previewing() const = 0;
  /// Declares a resource. Throws Error(validation) at once only for what makes the pass pointless (a
  /// duplicate id); other mistakes are collected and the preview goes on with unknowns. In the replay it
  /// throws what the step threw.
  virtual Task<Outputs> declare(Declaration declaration) = 0;
  /// Reads a resource without managing it. In the preview too.
  virtual Task<Outputs> get(std::string type, std::string identifier, Options options,
                            SourcePlace source) = 0;
  /// Account, region and partition of the deployment.
  virtual Task<Target> target() = 0;
  /// A mistake was found while a call was read: the preview collects it and goes on; the replay throws it.
  virtual void mistake(Error mistake) = 0;
  /// The program holds `value`, which is not to be shown or kept in plain text anywhere.
  virtual void secret(const Json& value) = 0;
  /// The program holds a value that is not known yet: what it throws from now on may come of that.
  virtual void handedOut() {}
  /// The value of a reference was needed (looped over, computed with): the preview ends here, in words for
  /// the user. In the replay there are no references.
  virtual void needed(const std::string& reference, SourcePlace source) = 0;
  /// A line that the program wrote to its console. The engine shows it or keeps it.
  virtual void print(bool error, const std::string& text) = 0;
  /// Seed of time, random numbers and UUIDs: the same in both passes of one deployment.
  virtual std::uint64_t seed() const = 0;
  /// The time that the program sees as its start, the same in both passes; milliseconds since 1970.
  virtual std::int64_t startTime() const = 0;
};

/// A user's program. Each run is one pass in a fresh realm.
class Program {
 public:
  virtual ~Program() = default;
  /// The path as the user gave it, absolute and normalised.
  virtual const std::string& path() const = 0;
  /// Runs the program once, to its end. Throws Error(program) with the place, the source line and the stack
  /// where it fails. Ends normally, without an error, when the host said that a needed value ends the
  /// preview.
  virtual Task<> run(Host& host) = 0;
};

}  // namespace athanor::engine
