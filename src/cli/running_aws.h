#pragma once

#include <filesystem>
#include <optional>
#include <string>

#include "aws/curl_client.h"
#include "base/json.h"
#include "base/loop.h"
#include "cli/compose.h"
#include "cli/local_aws.h"

namespace athanor::cli {

/// The AWS that runs here and that the arguments mean: the one at --endpoint, else the one that serves the
/// data folder, else, without --data, the one on port 4566.
class RunningAws {
 public:
  explicit RunningAws(const Surroundings& around);

  /// False where none answers.
  bool runs() const { return found_.has_value(); }
  /// "the data folder DIR" or "URL", for what is said where none runs.
  std::string place() const;
  /// The data folder that is meant; empty with --endpoint.
  const std::filesystem::path& data() const { return data_; }
  const std::string& url() const { return found_->url; }
  /// Throws Error(notFound) where none runs.
  void require() const;

  /// What it answers below "/_athanor/". Throws Error(refused) with its reason where it answers anything but
  /// 200, Unreachable where it went away.
  Json get(const std::string& path);
  Json post(const std::string& path);

 private:
  Json ask(const std::string& method, const std::string& path);

  SystemLoop loop_;
  aws::CurlClient http_;
  std::string endpoint_;
  std::filesystem::path data_;
  std::optional<LocalAws> found_;
};

}  // namespace athanor::cli
