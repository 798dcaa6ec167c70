// What the local Cloud Control bears, through real HTTP on loopback: a server in a process of its own, and
// one client that has a request in flight on each of its connections.
//
//     local_bench [--requests N] [--clients N,N,…]     operations a second and latencies (20000; 1,16,256)
//     local_bench --peer PORT …                        the same of what another server there has that is
//     nearest local_bench --soak SECONDS                       the server's memory while 64 clients use it

#include <fmt/format.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <span>
#include <sstream>

#include "base/json.h"
#include "http_load.h"
#include "local/server.h"
#include "schema/catalogue.h"

namespace {

using namespace athanor::bench;
using athanor::Json;

const std::string type = "AWS::IVS::RecordingConfiguration";

/// A server on a folder of its own, both gone with this object.
class ServerProcess {
 public:
  ServerProcess() {
    std::setvbuf(stdout, nullptr, _IOLBF, 0);  // what is measured is told at once, and not again by the child
    folder_ = (std::filesystem::temp_directory_path() / "athanor-bench-XXXXXX").string();
    int pipe[2];
    if (!::mkdtemp(folder_.data()) || ::pipe(pipe) != 0) throw std::runtime_error("no folder, or no pipe");
    pid_ = ::fork();
    if (pid_ == 0) serve(pipe[1]);
    ::close(pipe[1]);
    if (::read(pipe[0], &port_, sizeof port_) != sizeof port_) throw std::runtime_error("no server");
    ::close(pipe[0]);
  }
  ~ServerProcess() {
    ::kill(pid_, SIGKILL);
    ::waitpid(pid_, nullptr, 0);
    std::filesystem::remove_all(folder_);
  }
  ServerProcess(const ServerProcess&) = delete;
  ServerProcess& operator=(const ServerProcess&) = delete;

  std::uint16_t port() const { return port_; }
  /// Seconds of CPU so far, user and system (proc(5)).
  double cpu() const {
    std::ifstream in(fmt::format("/proc/{}/stat", pid_));
    std::string text((std::istreambuf_iterator<char>(in)), {});
    std::istringstream fields(text.substr(text.rfind(')') + 2));
    std::string skipped;
    double user = 0, system = 0;
    for (int i = 0; i < 11; ++i) fields >> skipped;
    fields >> user >> system;
    return (user + system) / static_cast<double>(::sysconf(_SC_CLK_TCK));
  }
  /// MiB that are resident.
  double memory() const {
    std::ifstream in(fmt::format("/proc/{}/statm", pid_));
    double all = 0, resident = 0;
    in >> all >> resident;
    return resident * static_cast<double>(::sysconf(_SC_PAGESIZE)) / 1048576.0;
  }

 private:
  [[noreturn]] void serve(int tell) const {
    const athanor::schema::Catalogue catalogue;
    athanor::local::ServerOptions options;
    options.port = 0;
    options.data = folder_;
    const athanor::local::Server server(options, catalogue);
    const auto url = server.url();
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    if (::write(tell, &port, sizeof port) != sizeof port) ::_exit(1);
    while (true) ::pause();
  }

  std::string folder_;
  pid_t pid_ = -1;
  std::uint16_t port_ = 0;
};

std::string ask(std::string_view operation, const Json& input) {
  return postRequest(fmt::format("CloudApiService.{}", operation), "application/x-amz-json-1.0",
                     input.dump());
}

std::string createRequest(std::size_t number) {
  const Json model = {{"Name", fmt::format("recording-{}", number)},
                      {"DestinationConfiguration", {{"S3", {{"BucketName", "recordings"}}}}},
                      {"Tags", {{{"Key", "Project"}, {"Value", "LiveStreaming"}}}}};
  return ask(
      "CreateResource",
      {{"TypeName", type}, {"DesiredState", model.dump()}, {"ClientToken", fmt::format("t{}", number)}});
}

std::string identifierIn(std::string_view answer) {
  constexpr std::string_view key = "\"Identifier\":\"";
  const auto at = answer.find(key) + key.size();
  return std::string(answer.substr(at, answer.find('"', at) - at));
}

std::string updateRequest(const std::string& identifier, std::size_t number) {
  const Json patch = {{{"op", "add"},
                       {"path", "/Tags"},
                       {"value", {{{"Key", "Project"}, {"Value", fmt::format("v{}", number)}}}}}};
  return ask("UpdateResource",
             {{"TypeName", type}, {"Identifier", identifier}, {"PatchDocument", patch.dump()}});
}

std::string ofOne(std::string_view operation, const std::string& identifier) {
  return ask(operation, {{"TypeName", type}, {"Identifier", identifier}});
}

void print(const char* what, std::size_t clients, const Load& load, double serverCpu, double memory) {
  fmt::print(
      "{:7} {:>7} {:>9.0f}/s {:>8.3f} {:>8.3f} {:>8.3f} {:>8.3f} ms {:>9.1f} {:>9.1f} us {:>7.1f} MiB\n",
      what, clients, static_cast<double>(load.requests()) / load.seconds, load.percentile(50),
      load.percentile(95), load.percentile(99), load.percentile(99.9),
      serverCpu * 1e6 / static_cast<double>(load.requests()),
      load.cpu * 1e6 / static_cast<double>(load.requests()), memory);
}

void measure(std::size_t requests, std::span<const std::size_t> clientCounts) {
  fmt::print("{:7} {:>7} {:>11} {:>8} {:>8} {:>8} {:>8}    {:>9} {:>9}    {:>7}\n", "", "clients", "requests",
             "p50", "p95", "p99", "p99.9", "cpu", "client's", "memory");
  for (const auto clients : clientCounts) {
    const ServerProcess server;
    std::vector<std::string> made;
    const auto run = [&](const char* what, std::size_t count,
                         const std::function<std::string(std::size_t)>& request,
                         const std::function<void(std::string_view)>& hear = nullptr) {
      const auto before = server.cpu();
      const auto load = exert(server.port(), clients, count, request, hear);
      print(what, clients, load, server.cpu() - before, server.memory());
    };
    run("create", requests, createRequest,
        [&](std::string_view answer) { made.push_back(identifierIn(answer)); });
    run("read", requests, [&](std::size_t i) { return ofOne("GetResource", made[i]); });
    run("list 20", requests / 4, [](std::size_t i) {
      return ask("ListResources",
                 {{"TypeName", type}, {"MaxResults", 20}, {"NextToken", std::to_string(i + 1)}});
    });
    run("update", requests, [&](std::size_t i) { return updateRequest(made[i], i); });
    run("delete", requests, [&](std::size_t i) { return ofOne("DeleteResource", made[i]); });
  }
}

/// SSM parameters of another server (moto), made and read.
void measurePeer(std::uint16_t port, std::size_t requests, std::span<const std::size_t> clientCounts) {
  const auto ssm = [](std::string_view operation, const Json& input) {
    auto out =
        postRequest(fmt::format("AmazonSSM.{}", operation), "application/x-amz-json-1.1", input.dump());
    constexpr std::string_view service = "/cloudcontrolapi/";
    return out.replace(out.find(service), service.size(), "/ssm/");
  };
  for (const auto clients : clientCounts) {
    print("create", clients,
          exert(
              port, clients, requests,
              [&](std::size_t i) {
                return ssm(
                    "PutParameter",
                    {{"Name", fmt::format("/{}/p{}", clients, i)}, {"Value", "v"}, {"Type", "String"}});
              },
              nullptr),
          0, 0);
    print("read", clients,
          exert(
              port, clients, requests,
              [&](std::size_t i) {
                return ssm("GetParameter", {{"Name", fmt::format("/{}/p{}", clients, i)}});
              },
              nullptr),
          0, 0);
  }
}

/// Creates, reads, updates and deletes without end.
void soak(int seconds) {
  constexpr std::size_t clients = 64, each = 5000;
  const ServerProcess server;
  const auto begin = std::chrono::steady_clock::now();
  const auto passed = [&] {
    return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  };
  std::size_t total = 0, number = 0;
  const auto tell = [&] {
    fmt::print("{:>6.0f} s {:>11} requests {:>8.1f} MiB\n", passed(), total, server.memory());
  };
  tell();
  for (double next = std::min(60.0, seconds / 4.0); passed() < seconds;) {
    std::vector<std::string> made;
    exert(
        server.port(), clients, each, [&](std::size_t) { return createRequest(number++); },
        [&](std::string_view answer) { made.push_back(identifierIn(answer)); });
    exert(
        server.port(), clients, each, [&](std::size_t i) { return ofOne("GetResource", made[i]); }, nullptr);
    exert(server.port(), clients, each, [&](std::size_t i) { return updateRequest(made[i], i); }, nullptr);
    exert(
        server.port(), clients, each, [&](std::size_t i) { return ofOne("DeleteResource", made[i]); },
        nullptr);
    total += 4 * each;
    if (passed() >= next) {
      tell();
      next += std::min(60.0, seconds / 4.0);
    }
  }
  tell();
}

}  // namespace

int main(int argc, char** argv) {
  std::size_t requests = 20'000;
  std::uint16_t peer = 0;
  std::vector<std::size_t> clients = {1, 16, 256};
  const std::vector<std::string> words(argv + 1, argv + argc);
  for (std::size_t i = 0; i + 1 < words.size(); i += 2) {
    if (words[i] == "--soak") {
      soak(std::stoi(words[i + 1]));
      return 0;
    }
    if (words[i] == "--peer") peer = static_cast<std::uint16_t>(std::stoi(words[i + 1]));
    if (words[i] == "--requests") requests = std::stoul(words[i + 1]);
    if (words[i] == "--clients") {
      clients.clear();
      std::istringstream list(words[i + 1]);
      for (std::string one; std::getline(list, one, ',');) clients.push_back(std::stoul(one));
    }
  }
  if (peer != 0)
    measurePeer(peer, requests, clients);
  else
    measure(requests, clients);
}
