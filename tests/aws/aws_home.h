#pragma once

#include <sys/stat.h>

#include <filesystem>
#include <fstream>
#include <string>

#include "aws/environment.h"

namespace athanor::aws {

/// A home folder of a test's own, with the AWS files that it writes.
class AwsHome {
 public:
  AwsHome() {
    std::string path = (std::filesystem::temp_directory_path() / "athanor-home-XXXXXX").string();
    environment.home = ::mkdtemp(path.data());
    std::filesystem::create_directories(environment.home + "/.aws/sso/cache");
    environment.variables["AWS_EC2_METADATA_DISABLED"] = "true";
  }
  ~AwsHome() { std::filesystem::remove_all(environment.home); }
  AwsHome(const AwsHome&) = delete;
  AwsHome& operator=(const AwsHome&) = delete;

  void config(const std::string& text) const { write(".aws/config", text); }
  void credentials(const std::string& text) const { write(".aws/credentials", text); }
  std::string write(const std::string& name, const std::string& text) const {
    auto path = environment.home + "/" + name;
    std::ofstream(path) << text;
    return path;
  }
  std::string script(const std::string& name, const std::string& text) const {
    auto path = write(name, "#!/bin/sh\n" + text);
    ::chmod(path.c_str(), 0700);
    return path;
  }

  Environment environment;
};

}  // namespace athanor::aws
