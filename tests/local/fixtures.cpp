#include "fixtures.h"

#include <fcntl.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <fstream>
#include <random>
#include <sstream>
#include <stdexcept>

#include "local/ivs/behaviours.h"

namespace athanor::local::test {

const schema::Catalogue& catalogue() {
  static const schema::Catalogue all;
  return all;
}

TempFolder::TempFolder() {
  std::string name = (std::filesystem::temp_directory_path() / "athanor-local-XXXXXX").string();
  if (!::mkdtemp(name.data())) throw std::runtime_error("no temporary folder");
  path_ = name;
}
TempFolder::~TempFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

namespace {

std::string contents(const std::filesystem::path& file) {
  std::ostringstream out;
  out << std::ifstream(file).rdbuf();
  return out.str();
}

std::vector<char*> pointers(const std::vector<std::string>& words) {
  std::vector<char*> out;
  for (const auto& word : words) out.push_back(const_cast<char*>(word.c_str()));
  out.push_back(nullptr);
  return out;
}

}  // namespace

Ended run(const std::vector<std::string>& command, const std::vector<std::string>& environment) {
  const TempFolder folder;
  const auto out = folder.path() / "out";
  const auto err = folder.path() / "err";
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_addopen(&files, 0, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&files, 1, out.c_str(), O_CREAT | O_WRONLY, 0600);
  posix_spawn_file_actions_addopen(&files, 2, err.c_str(), O_CREAT | O_WRONLY, 0600);
  pid_t child = 0;
  const int failed = ::posix_spawn(&child, command.front().c_str(), &files, nullptr, pointers(command).data(),
                                   pointers(environment).data());
  posix_spawn_file_actions_destroy(&files);
  if (failed) throw std::runtime_error("cannot run " + command.front());
  int status = 0;
  ::waitpid(child, &status, 0);
  return {WIFEXITED(status) ? WEXITSTATUS(status) : -1, contents(out), contents(err)};
}

Ended aws(const std::string& endpoint, std::vector<std::string> arguments, const std::string& region) {
  arguments.insert(arguments.begin(), {"/usr/bin/aws", "--endpoint-url", endpoint, "--region", region,
                                       "--output", "json", "--no-cli-pager"});
  return run(arguments, {"PATH=/usr/bin:/bin", "HOME=/nonexistent", "AWS_ACCESS_KEY_ID=test",
                         "AWS_SECRET_ACCESS_KEY=test", "AWS_EC2_METADATA_DISABLED=true"});
}

Json awsJson(const std::string& endpoint, std::vector<std::string> arguments, const std::string& region) {
  const auto ended = aws(endpoint, std::move(arguments), region);
  if (ended.status != 0) throw std::runtime_error(ended.err);
  return Json::parse(ended.out);
}

ServerOptions onFreePort(const std::filesystem::path& data) {
  ServerOptions out;
  out.port = 0;
  out.data = data;
  return out;
}

InProcess::InProcess(std::chrono::milliseconds latency, const std::filesystem::path& file, bool references)
    : database_(file),
      behaviours_([] {
        cloudcontrol::Behaviours all;
        ivs::addBehaviours(all, [] { return std::string(); });
        return all;
      }()),
      inventory_(
          database_, catalogue(), behaviours_, sources(),
          [this](const std::string& text) { said.push_back(text); }, references),
      cloudControl_(database_, inventory_, catalogue(),
                    {latency, sources(), [this](const auto& key, auto verb) {
                       return fate ? fate(key, verb) : cloudcontrol::Fate{};
                     }}) {}

Sources InProcess::sources() {
  auto random = std::make_shared<std::mt19937_64>(7);
  return {.now = [at = now] { return *at; }, .random = [random] { return (*random)(); }};
}

Json InProcess::call(const std::string& operation, const Json& input) {
  database_.begin();
  try {
    auto out = Json::parse(cloudControl_.answer(caller, operation, input.dump()));
    database_.commit();
    return out;
  } catch (...) {
    database_.commit();
    throw;
  }
}

void InProcess::lost(const std::string& operation, const Json& input) {
  database_.begin();
  try {
    (void)cloudControl_.answer(caller, operation, input.dump());
  } catch (const cloudcontrol::ApiError&) {  // would have been told to nobody
  }
  database_.rollback();
  cloudControl_.reload();
}

Json InProcess::create(const std::string& type, const Json& model) {
  return event("CreateResource", {{"TypeName", type}, {"DesiredState", model.dump()}});
}

Json InProcess::read(const std::string& type, const std::string& identifier) {
  const auto answer = call("GetResource", {{"TypeName", type}, {"Identifier", identifier}});
  return Json::parse(answer.at("ResourceDescription").at("Properties").get<std::string>());
}

std::string InProcess::refusal(const std::string& operation, const Json& input) {
  try {
    call(operation, input);
    return "";
  } catch (const cloudcontrol::ApiError& error) {
    return error.type().substr(error.type().find('#') + 1) + ": " + error.what();
  }
}

}  // namespace athanor::local::test
