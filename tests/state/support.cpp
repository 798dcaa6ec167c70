#include "state/support.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <fstream>

namespace athanor::state {

namespace fs = std::filesystem;

Child::Child(const std::function<void(const Say&)>& work) {
  int ends[2];
  if (pipe(ends) != 0) throw std::runtime_error("no pipe");
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("no process");
  if (pid_ == 0) {
    close(ends[0]);
    int status = 1;
    try {
      work([&](std::int64_t number) {
        if (::write(ends[1], &number, sizeof number) != sizeof number) _exit(2);
      });
      status = 0;
    } catch (const std::exception& failure) {
      fprintf(stderr, "child: %s\n", failure.what());
    }
    _exit(status);
  }
  close(ends[1]);
  pipe_ = ends[0];
}

Child::~Child() {
  kill();
  close(pipe_);
}

std::optional<std::int64_t> Child::hear() {
  std::int64_t number = 0;
  if (read(pipe_, &number, sizeof number) != sizeof number) return {};
  return number;
}

void Child::kill() {
  if (pid_ < 0) return;
  ::kill(pid_, SIGKILL);
  waitpid(std::exchange(pid_, -1), nullptr, 0);
}

bool Child::succeeded() {
  int status = 0;
  waitpid(std::exchange(pid_, -1), &status, 0);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0;
}

std::optional<Error> errorOf(const std::function<void()>& work) {
  try {
    work();
  } catch (const Error& error) {
    return error;
  }
  ADD_FAILURE() << "it threw no Error";
  return {};
}

std::string contentOf(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& content) {
  std::ofstream(file, std::ios::binary | std::ios::trunc) << content;
}

Resource resource(const std::string& id, std::int64_t generation) {
  Resource resource;
  resource.id = id;
  resource.generation = generation;
  resource.type = "AWS::IVS::StreamKey";
  resource.identifier = "arn:" + id;
  resource.target = {"aws", "123456789012", "eu-west-1", ""};
  resource.props = {{"Name", id}, {"Value", "hush " + id}};
  resource.outputs = {{"Arn", "arn:" + id}, {"Value", "hush " + id}};
  resource.options.protect = true;
  resource.dependsOn = {"channel"};
  resource.source = {"/programs/live.ts", 3, 7};
  return resource;
}

Entry entry(const std::string& id, Entry::Operation operation) {
  Entry entry;
  entry.id = id;
  entry.operation = operation;
  entry.attempt = 2;
  entry.type = "AWS::IVS::StreamKey";
  entry.target = {"aws", "123456789012", "eu-west-1", ""};
  entry.clientToken = "token-" + id;
  entry.body = "the body of " + id;
  entry.begunAt = std::chrono::system_clock::time_point(std::chrono::nanoseconds(1'700'000'000'123'456'789));
  entry.intended = resource(id);
  return entry;
}

std::vector<std::string> idsOf(const std::vector<Resource>& resources) {
  std::vector<std::string> ids;
  ids.reserve(resources.size());
  for (const auto& resource : resources) ids.push_back(resource.id);
  return ids;
}

void commit(Lock& lock, const std::vector<Write>& writes) { lock.commit(writes); }

}  // namespace athanor::state
