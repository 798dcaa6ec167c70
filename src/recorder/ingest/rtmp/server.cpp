#include "recorder/ingest/rtmp/server.h"

#include <fmt/format.h>

#include <thread>
#include <vector>

#include <boost/asio/post.hpp>

#include "base/error.h"
#include "recorder/ingest/rtmp/connection.h"

namespace athanor::recorder::rtmp {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

namespace {

std::unique_ptr<asio::ssl::context> tlsContext(const ServerSettings& settings) {
  if (settings.certificate.empty()) return nullptr;
  auto out = std::make_unique<asio::ssl::context>(asio::ssl::context::tls_server);
  out->set_options(asio::ssl::context::default_workarounds | asio::ssl::context::no_tlsv1 |
                   asio::ssl::context::no_tlsv1_1);
  error_code error;
  error = out->use_certificate_chain_file(settings.certificate.string(), error);
  if (!error) error = out->use_private_key_file(settings.key.string(), asio::ssl::context::pem, error);
  if (error)
    throw Error(ErrorCode::state,
                fmt::format("the certificate {} and its key {} cannot be used: {}",
                            settings.certificate.string(), settings.key.string(), error.message()));
  return out;
}

}  // namespace

struct Server::Impl {
  Impl(ServerSettings given, Gate& gate) : settings(std::move(given)), tls(tlsContext(settings)) {
    for (int i = 0; i < std::max(1, settings.threads); ++i)
      lanes.push_back(std::make_unique<Lane>(settings, gate, tls.get()));
    acceptor.emplace(lanes.front()->context);
    bind();
    accept();
    for (auto& lane : lanes) {
      sweeps.emplace_back(lane->context);
      works.emplace_back(lane->context.get_executor());
    }
    for (std::size_t i = 0; i < lanes.size(); ++i) {
      sweep(i);
      threads.emplace_back([&context = lanes[i]->context] { context.run(); });
    }
  }

  ~Impl() {
    for (std::size_t i = 0; i < lanes.size(); ++i)
      asio::post(lanes[i]->context, [this, i] {
        if (i == 0) acceptor->close();
        for (const auto& connection : std::set(lanes[i]->open)) connection->close("the server is stopped");
        lanes[i]->context.stop();
      });
    for (auto& thread : threads) thread.join();
  }
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  void bind() {
    error_code error;
    const auto ip =
        asio::ip::make_address(settings.address == "localhost" ? "127.0.0.1" : settings.address, error);
    if (error)
      throw Error(ErrorCode::usage,
                  fmt::format("\"{}\" is not an IP address to listen on", settings.address));
    const tcp::endpoint endpoint(ip, settings.port);
    acceptor->open(endpoint.protocol());
    acceptor->set_option(tcp::acceptor::reuse_address(true));
    error = acceptor->bind(endpoint, error);
    if (!error) error = acceptor->listen(asio::socket_base::max_listen_connections, error);
    if (error)
      throw Error(ErrorCode::conflict, fmt::format("cannot take streams on {}:{}: {}", settings.address,
                                                   settings.port, error.message()));
  }

  void accept() {
    auto& lane = *lanes[next++ % lanes.size()];
    acceptor->async_accept(lane.context, [this, &lane](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error)
        asio::post(lane.context, [this, &lane, held = std::make_shared<tcp::socket>(std::move(socket))] {
          if (lane.open.size() < settings.connections / lanes.size() + 1)
            std::make_shared<Connection>(lane, std::move(*held))->start();
        });
      accept();
    });
  }

  void sweep(std::size_t lane) {
    sweeps[lane].expires_after(std::chrono::seconds(1));
    sweeps[lane].async_wait([this, lane](error_code error) {
      if (error) return;
      const auto now = std::chrono::steady_clock::now();
      for (const auto& connection : std::set(lanes[lane]->open)) connection->check(now);
      sweep(lane);
    });
  }

  ServerSettings settings;
  std::unique_ptr<asio::ssl::context> tls;
  std::vector<std::unique_ptr<Lane>> lanes;
  std::optional<tcp::acceptor> acceptor;
  std::vector<asio::steady_timer> sweeps;
  std::vector<asio::executor_work_guard<asio::io_context::executor_type>> works;
  std::size_t next = 0;
  std::vector<std::thread> threads;
};

Server::Server(ServerSettings settings, Gate& gate)
    : impl_(std::make_unique<Impl>(std::move(settings), gate)) {}
Server::~Server() = default;

std::uint16_t Server::port() const { return impl_->acceptor->local_endpoint().port(); }

}  // namespace athanor::recorder::rtmp
