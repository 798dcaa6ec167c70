#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "schema/type.h"

namespace athanor::schema {

/// All resource types that AWS publishes. Looking one up decodes it alone, once; the pointer lives as long as
/// the catalogue. Safe to use from several threads.
class Catalogue {
 public:
  /// The types that the binary embeds. Costs no decoding.
  Catalogue();
  ~Catalogue();
  Catalogue(const Catalogue&) = delete;
  Catalogue& operator=(const Catalogue&) = delete;

  /// By its full name, exact: "AWS::IVS::RecordingConfiguration". Null where AWS has no such type.
  const Type* find(std::string_view name) const;
  /// As a program names it, in any casing: ("ivs", "recordingConfiguration"). Null where AWS has no such
  /// type.
  const Type* find(std::string_view service, std::string_view resource) const;
  /// All names, sorted.
  std::vector<std::string_view> names() const;
  /// The known names most like `name`, best first; empty where nothing is near.
  std::vector<std::string> nearest(std::string_view name, std::size_t most = 3) const;

  /// `find` with every `documentation` filled in, which costs more.
  const Type* documented(std::string_view name) const;
  /// Shows every type, documented, in the order of names; each is gone after its visit, so that this needs
  /// little memory. Takes about half a second.
  void each(const std::function<void(const Type&)>& visit) const;

  /// Reads AWS's published schema files from a folder or a zip; they take precedence over the embedded ones,
  /// and overlays apply on top. Gives the number of types read; throws Error(usage) that names the file at
  /// fault. Pointers that were given out before stay valid, and stay as they were.
  std::size_t import(const std::filesystem::path& source);
  /// The same from a file that `importInto` wrote, each type only when it is looked up. Throws Error(state)
  /// where the file is damaged.
  void load(const std::filesystem::path& file);

 private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

/// Reads AWS's published schema files as `Catalogue::import` does, and writes them to `file`, whole or not at
/// all, for `Catalogue::load`. Gives the number of types; throws Error(usage) that names the file at fault.
std::size_t importInto(const std::filesystem::path& source, const std::filesystem::path& file);

}  // namespace athanor::schema
