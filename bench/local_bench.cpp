// Requests a second of the local Cloud Control through real HTTP on loopback: each client creates, reads and
// deletes recording configurations on a connection of its own.
//
//     local_bench [requests per client, default 3000] [clients, default 4]

#include <arpa/inet.h>
#include <fmt/format.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "base/json.h"
#include "local/server.h"
#include "schema/catalogue.h"

namespace {

using athanor::Json;

/// A keep-alive connection that asks and waits.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    ::inet_pton(AF_INET, "127.0.0.1", &to.sin_addr);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<sockaddr*>(&to), sizeof to) != 0)
      throw std::runtime_error("cannot connect");
  }
  ~Client() { ::close(socket_); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  std::string ask(const std::string& operation, const Json& input) {
    const auto body = input.dump();
    const auto request = fmt::format(
        "POST / HTTP/1.1\r\nHost: x\r\nX-Amz-Target: CloudApiService.{}\r\nContent-Length: {}\r\n\r\n{}",
        operation, body.size(), body);
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) < 0)
      throw std::runtime_error("cannot send");
    std::string got;
    while (true) {
      char buffer[16384];
      const auto size = ::recv(socket_, buffer, sizeof buffer, 0);
      if (size <= 0) throw std::runtime_error("the connection broke");
      got.append(buffer, static_cast<std::size_t>(size));
      const auto head = got.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      const auto length = std::stoul(got.substr(got.find("Content-Length: ") + 16));
      if (got.size() < head + 4 + length) continue;
      if (!got.starts_with("HTTP/1.1 200")) throw std::runtime_error(got);
      return got.substr(head + 4);
    }
  }

 private:
  int socket_;
};

const std::string type = "AWS::IVS::RecordingConfiguration";

double seconds(const std::function<void()>& work) {
  const auto begin = std::chrono::steady_clock::now();
  work();
  return std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
}

/// Runs `each` for every number of every client at once, and prints how fast that was.
void measure(const char* what, std::vector<Client*> clients, int count,
             const std::function<void(Client&, std::size_t, int)>& each) {
  const auto time = seconds([&] {
    std::vector<std::jthread> threads;
    for (std::size_t c = 0; c < clients.size(); ++c)
      threads.emplace_back([&, c] {
        for (int i = 0; i < count; ++i) each(*clients[c], c, i);
      });
  });
  fmt::print("{:8} {:>9.0f} requests/s\n", what,
             static_cast<double>(count) * static_cast<double>(clients.size()) / time);
}

}  // namespace

int main(int argc, char** argv) {
  const int count = argc > 1 ? std::atoi(argv[1]) : 3000;
  const int many = argc > 2 ? std::atoi(argv[2]) : 4;
  std::string folder = (std::filesystem::temp_directory_path() / "athanor-bench-XXXXXX").string();
  if (!::mkdtemp(folder.data())) return 1;
  {
    const athanor::schema::Catalogue catalogue;
    athanor::local::ServerOptions options;
    options.port = 0;
    options.data = folder;
    const athanor::local::Server server(options, catalogue);
    const auto url = server.url();
    const auto port = static_cast<std::uint16_t>(std::stoi(url.substr(url.rfind(':') + 1)));
    std::vector<std::unique_ptr<Client>> owned;
    std::vector<Client*> clients;
    for (int i = 0; i < many; ++i)
      clients.push_back(owned.emplace_back(std::make_unique<Client>(port)).get());
    std::vector<std::vector<std::string>> made(clients.size());
    const Json model = {{"DestinationConfiguration", {{"S3", {{"BucketName", "recordings"}}}}},
                        {"Tags", {{{"Key", "Project"}, {"Value", "LiveStreaming"}}}}};
    measure("create", clients, count, [&](Client& client, std::size_t c, int i) {
      const auto answer = Json::parse(client.ask(
          "CreateResource",
          {{"TypeName", type}, {"DesiredState", model.dump()}, {"ClientToken", fmt::format("{}-{}", c, i)}}));
      made[c].push_back(answer.at("ProgressEvent").at("Identifier"));
    });
    measure("get", clients, count, [&](Client& client, std::size_t c, int i) {
      client.ask("GetResource", {{"TypeName", type}, {"Identifier", made[c][static_cast<std::size_t>(i)]}});
    });
    measure("delete", clients, count, [&](Client& client, std::size_t c, int i) {
      client.ask("DeleteResource",
                 {{"TypeName", type}, {"Identifier", made[c][static_cast<std::size_t>(i)]}});
    });
  }
  std::filesystem::remove_all(folder);
}
