#include "local/http/listener.h"

#include <fmt/format.h>
#include <unistd.h>

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/ssl.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core.hpp>
#include <boost/beast/http.hpp>
#include <optional>
#include <variant>

#include "base/error.h"
#include "base/loop.h"
#include "local/http/port_holder.h"
#include "local/tls/authority.h"

namespace athanor::local::http {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace bhttp = boost::beast::http;
namespace ssl = boost::asio::ssl;
using asio::ip::tcp;
using boost::system::error_code;

std::string_view Request::header(std::string_view name) const {
  for (const auto& [key, value] : headers)
    if (key == name) return value;
  return {};
}

namespace {

/// What all connections share; outlives the listener while one of them still waits.
struct Service {
  Limits limits;
  Handler handler;
  Spooling spooling;
  tls::Certificates* certificates = nullptr;
  std::size_t open = 0;
  std::size_t bodies = 0;  ///< bytes that bodies in memory may come to, as far as they are not small
  std::shared_ptr<const tls::Certificate> shown;
  std::shared_ptr<ssl::context> context;  ///< of `shown`
};

/// What TLS runs with; made when the first client asks for it, and when its certificate is renewed.
/// Connections keep the one that they began with.
std::shared_ptr<ssl::context> contextOf(Service& service) {
  auto current = service.certificates->current();
  if (current == service.shown) return service.context;
  auto made = std::make_shared<ssl::context>(ssl::context::tls_server);
  made->set_options(ssl::context::default_workarounds | ssl::context::no_tlsv1 | ssl::context::no_tlsv1_1);
  made->use_certificate_chain(asio::buffer(current->chain));
  made->use_private_key(asio::buffer(current->key), ssl::context::pem);
  service.shown = std::move(current);
  return service.context = std::move(made);
}

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out)
    if (c >= 'A' && c <= 'Z') c = static_cast<char>(c - 'A' + 'a');
  return out;
}

/// A body that goes into a file (a Body of Beast's).
struct FileBody {
  struct value_type {
    std::shared_ptr<BodyFile> file;
    std::error_code failure;  ///< of writing it
  };
  class reader {
   public:
    template <bool isRequest, class Fields>
    reader(bhttp::header<isRequest, Fields>&, value_type& body) : body_(body) {}
    void init(const boost::optional<std::uint64_t>&, error_code& error) { error = {}; }
    template <class Buffers>
    std::size_t put(const Buffers& buffers, error_code& error) {
      for (const asio::const_buffer one : beast::buffers_range_ref(buffers)) {
        body_.failure = body_.file->append({static_cast<const char*>(one.data()), one.size()});
        if (body_.failure) {
          error = error_code(body_.failure.value(), boost::system::generic_category());
          return 0;
        }
      }
      error = {};
      return asio::buffer_size(buffers);
    }
    void finish(error_code& error) { error = {}; }

   private:
    value_type& body_;
  };
};

using HeaderParser = bhttp::request_parser<bhttp::empty_body>;
using TextParser = bhttp::request_parser<bhttp::string_body>;
using FileParser = bhttp::request_parser<FileBody>;

Request headOf(const bhttp::request_header<>& message) {
  Request out;
  out.method = message.method_string();
  const std::string_view target(message.target().data(), message.target().size());
  const auto question = target.find('?');
  out.path = target.substr(0, question);
  if (question != std::string_view::npos) out.query = target.substr(question + 1);
  for (const auto& field : message)
    out.headers.emplace_back(lower({field.name_string().data(), field.name_string().size()}),
                             std::string(field.value().data(), field.value().size()));
  return out;
}

/// One connection: reads a request, waits for its reply, writes it, reads the next.
class Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(tcp::socket socket, std::shared_ptr<Service> service)
      : stream_(std::move(socket)), service_(std::move(service)) {
    ++service_->open;
  }
  ~Connection() {
    release();
    --service_->open;
  }
  Connection(const Connection&) = delete;
  Connection& operator=(const Connection&) = delete;

  void start() {
    error_code ignored;
    ignored = stream_.socket().set_option(tcp::no_delay(true), ignored);
    const auto peer = stream_.socket().remote_endpoint(ignored).address();
    fromLoopback_ = !ignored && peer.is_loopback();
    if (service_->open > service_->limits.connections)
      refuse(503, "Too many connections are open.");
    else
      detect();
  }

 private:
  /// HTTP and HTTPS share the port: the first byte of TLS is no letter.
  void detect() {
    if (!service_->certificates) return readHeader();
    stream_.expires_after(service_->limits.idle);
    beast::async_detect_ssl(stream_, buffer_, [self = shared_from_this()](error_code error, bool tls) {
      if (error) return;
      tls ? self->shakeHands() : self->readHeader();
    });
  }

  void shakeHands() {
    try {
      context_ = contextOf(*service_);
    } catch (const std::exception& error) {
      service_->certificates->failed(error.what());
      return;  // closes this connection
    }
    secure_.emplace(stream_, *context_);
    stream_.expires_after(service_->limits.handshake);
    secure_->async_handshake(ssl::stream_base::server, buffer_.data(),
                             [self = shared_from_this()](error_code error, std::size_t used) {
                               if (error) return;
                               self->buffer_.consume(used);
                               self->readHeader();
                             });
  }

  /// Calls `work` with what is read from and written to.
  template <class Work>
  void onStream(Work work) {
    if (secure_)
      work(*secure_);
    else
      work(stream_);
  }

  void readHeader() {
    auto& parser = header_.emplace();
    parser.header_limit(static_cast<std::uint32_t>(service_->limits.header));
    parser.body_limit(boost::none);  // until it is known where the body goes
    stream_.expires_after(service_->limits.idle);
    onStream([&](auto& stream) {
      bhttp::async_read_header(
          stream, buffer_, parser,
          [self = shared_from_this()](error_code error, std::size_t) { self->onHeader(error); });
    });
  }

  void onHeader(error_code error) {
    if (error) return onReadError(error);
    auto& header = *header_;
    request_ = headOf(header.get());
    request_.fromLoopback = fromLoopback_;
    version_ = header.get().version();
    keepAlive_ = header.get().keep_alive();
    head_ = header.get().method() == bhttp::verb::head;
    const bool asked = beast::iequals(header.get()[bhttp::field::expect], "100-continue");
    const auto spool = service_->spooling ? service_->spooling(request_) : std::nullopt;
    const auto limit = spool ? spool->limit : service_->limits.body;
    if (header.content_length().value_or(0) > limit) return onReadError(bhttp::error::body_limit);
    if (spool) {
      try {
        request_.bodyFile = std::make_shared<BodyFile>(spool->file);
      } catch (const std::system_error& failure) {
        return refuse(500, fmt::format("The request's body cannot be kept: {}.", failure.code().message()));
      }
      auto& parser = parser_.emplace<FileParser>(std::move(header));
      parser.get().body().file = request_.bodyFile;
      parser.body_limit(limit);
    } else {
      if (!hold(header.chunked() ? limit : header.content_length().value_or(0)))
        return refuse(503, "Too many large requests are being sent at once.");
      parser_.emplace<TextParser>(std::move(header)).body_limit(limit);
    }
    asked ? sendContinue() : readBody();
  }

  void sendContinue() {
    auto go = std::make_shared<bhttp::response<bhttp::empty_body>>(bhttp::status::continue_, 11);
    onStream([&](auto& stream) {
      bhttp::async_write(stream, *go, [self = shared_from_this(), go](error_code error, std::size_t) {
        if (!error) self->readBody();
      });
    });
  }

  void readBody() {
    if (auto* file = std::get_if<FileParser>(&parser_))
      readSome(*file);
    else
      readSome(std::get<TextParser>(parser_));
  }

  /// Takes a body's part of the memory that all share; false where it is used up.
  bool hold(std::size_t size) {
    if (size <= service_->limits.small) return true;
    if (size > service_->limits.bodies - service_->bodies) return false;
    held_ = size;
    service_->bodies += size;
    return true;
  }
  void release() { service_->bodies -= std::exchange(held_, 0); }

  /// A piece at a time; of a file each with the whole of the idle time.
  template <class Parser>
  void readSome(Parser& parser) {
    if (parser.is_done()) return onRequest();
    if (request_.bodyFile) stream_.expires_after(service_->limits.idle);
    onStream([&](auto& stream) {
      bhttp::async_read_some(stream, buffer_, parser,
                             [self = shared_from_this(), &parser](error_code error, std::size_t) {
                               error ? self->onReadError(error) : self->readSome(parser);
                             });
    });
  }

  void onRequest() {
    if (auto* text = std::get_if<TextParser>(&parser_)) request_.body = std::move(text->get().body());
    parser_.emplace<std::monostate>();
    stream_.expires_never();  // the answer may wait for a commit; what is slow here is ours, not the client's
    const auto request = std::exchange(request_, {});
    service_->handler(request,
                      [self = shared_from_this()](Response response) { self->write(std::move(response)); });
    release();
  }

  void onReadError(error_code error) {
    if (error == bhttp::error::header_limit) return refuse(431, "The request's headers are too large.");
    if (error == bhttp::error::body_limit) return refuse(413, "The request's body is too large.");
    if (const auto* file = std::get_if<FileParser>(&parser_); file && file->get().body().failure)
      return refuse(
          500, fmt::format("The request's body cannot be kept: {}.", file->get().body().failure.message()));
    if (error.category() == make_error_code(bhttp::error::end_of_stream).category() &&
        error != bhttp::error::end_of_stream && error != bhttp::error::partial_message)
      return refuse(400, "The request is not HTTP/1.1.");
  }

  void refuse(unsigned status, std::string why) {
    keepAlive_ = false;
    version_ = 11;
    request_ = {};
    parser_.emplace<std::monostate>();
    release();
    stream_.expires_after(service_->limits.idle);
    write({status, {{"Content-Type", "text/plain"}}, std::move(why) + "\n"});
  }

  void write(Response response) {
    out_ = {};
    out_.version(version_);
    out_.result(response.status);
    out_.set(bhttp::field::server, "Athanor");
    for (const auto& [name, value] : response.headers) out_.set(name, value);
    out_.keep_alive(keepAlive_);
    file_ = std::move(response.file);
    if (file_) {
      out_.content_length(file_->size);
    } else if (!head_ || out_.find(bhttp::field::content_length) == out_.end()) {
      out_.body() = std::move(response.body);
      out_.prepare_payload();
    }
    if (head_) {
      out_.body().clear();
      file_.reset();
    }
    stream_.expires_after(service_->limits.idle);
    onStream([&](auto& stream) {
      bhttp::async_write(stream, out_, [self = shared_from_this()](error_code error, std::size_t) {
        if (!error) self->writeFile();
      });
    });
  }

  /// What is left of the file that is being sent, a piece at a time.
  void writeFile() {
    if (!file_ || file_->size == 0) return onWritten();
    piece_.resize(std::min<std::uint64_t>(file_->size, piece));
    const auto size =
        ::pread(file_->file->descriptor(), piece_.data(), piece_.size(), static_cast<off_t>(file_->offset));
    if (size <= 0) return;  // the client sees that less came than was said
    file_->offset += static_cast<std::uint64_t>(size);
    file_->size -= static_cast<std::uint64_t>(size);
    stream_.expires_after(service_->limits.idle);
    onStream([&](auto& stream) {
      asio::async_write(stream, asio::buffer(piece_.data(), static_cast<std::size_t>(size)),
                        [self = shared_from_this()](error_code error, std::size_t) {
                          if (!error) self->writeFile();
                        });
    });
  }

  void onWritten() {
    file_.reset();
    piece_ = {};
    if (keepAlive_) return readHeader();
    // TLS ends without a close_notify: an answer says its own length.
    error_code ignored;
    ignored = stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
    stream_.expires_after(std::chrono::seconds(2));
    linger();
  }

  /// Reads on until the client has closed: closing first would reset the connection under its feet while it
  /// still sends, and it would never see the answer.
  void linger() {
    buffer_.clear();
    stream_.async_read_some(buffer_.prepare(std::size_t{64} * 1024),
                            [self = shared_from_this()](error_code error, std::size_t) {
                              if (!error) self->linger();
                            });
  }

  beast::tcp_stream stream_;
  std::shared_ptr<ssl::context> context_;
  std::optional<ssl::stream<beast::tcp_stream&>> secure_;  // over stream_, where the client speaks TLS
  std::shared_ptr<Service> service_;
  beast::flat_buffer buffer_;
  std::optional<HeaderParser> header_;
  std::variant<std::monostate, TextParser, FileParser> parser_;  // made of it, once it is there
  Request request_;                                              // as far as it has been read
  bhttp::response<bhttp::string_body> out_;
  std::optional<FileRange> file_;  // what is left to be sent of it
  std::string piece_;
  std::size_t held_ = 0;  // bytes, of the memory that all bodies share
  unsigned version_ = 11;
  bool keepAlive_ = true;
  bool head_ = false;
  bool fromLoopback_ = false;

  static constexpr std::size_t piece = std::size_t{256} * 1024;
};

Error taken(const std::string& address, std::uint16_t port) {
  const auto holder = portHolder(port);
  return Error(ErrorCode::conflict,
               fmt::format("port {} of {} is in use{}", port, address, holder.empty() ? "" : " by " + holder))
      .next("Stop what holds it, or take another port with --port (0 takes any free one).");
}

}  // namespace

std::optional<Request> parsed(std::string_view bytes, const Limits& limits) {
  TextParser parser;
  parser.eager(true);
  parser.header_limit(static_cast<std::uint32_t>(limits.header));
  parser.body_limit(limits.body);
  error_code error;
  while (!parser.is_done() && !bytes.empty()) {
    const auto used = parser.put(asio::const_buffer(bytes.data(), bytes.size()), error);
    if (error || used == 0) return {};
    bytes.remove_prefix(used);
  }
  if (!parser.is_done()) return {};
  auto out = headOf(parser.get());
  out.body = std::move(parser.get().body());
  return out;
}

struct Listener::Impl {
  Impl(asio::io_context& context, Limits limits)
      : acceptor(context), pause(context), service(std::make_shared<Service>()) {
    service->limits = limits;
  }

  void accept() {
    acceptor.async_accept([this](error_code error, tcp::socket socket) {
      if (error == asio::error::operation_aborted) return;
      if (!error) {
        std::make_shared<Connection>(std::move(socket), service)->start();
        return accept();
      }
      // Out of file descriptors, most likely: trying again at once would spin.
      pause.expires_after(std::chrono::milliseconds(50));
      pause.async_wait([this](error_code stopped) {
        if (!stopped) accept();
      });
    });
  }

  tcp::acceptor acceptor;
  asio::steady_timer pause;
  std::shared_ptr<Service> service;
};

Listener::Listener(SystemLoop& loop, const std::string& address, std::uint16_t port, Limits limits)
    : impl_(std::make_unique<Impl>(loop.context(), limits)) {
  error_code error;
  const auto ip = asio::ip::make_address(address == "localhost" ? "127.0.0.1" : address, error);
  if (error)
    throw Error(ErrorCode::usage, fmt::format("\"{}\" is not an IP address to listen on", address))
        .next("127.0.0.1 serves this machine alone; 0.0.0.0 serves every network that it is on.");
  const tcp::endpoint endpoint(ip, port);
  impl_->acceptor.open(endpoint.protocol());
  impl_->acceptor.set_option(tcp::acceptor::reuse_address(true));
  error = impl_->acceptor.bind(endpoint, error);
  if (!error) error = impl_->acceptor.listen(asio::socket_base::max_listen_connections, error);
  if (error == asio::error::address_in_use) throw taken(address, port);
  if (error == asio::error::access_denied)
    throw Error(ErrorCode::refused, fmt::format("this user may not listen on port {}", port))
        .next("Take a port above 1023 with --port.");
  if (error)
    throw Error(ErrorCode::usage, fmt::format("cannot listen on {}:{}: {}", address, port, error.message()));
}

Listener::~Listener() = default;

std::uint16_t Listener::port() const { return impl_->acceptor.local_endpoint().port(); }

void Listener::serveTls(tls::Certificates& certificates) { impl_->service->certificates = &certificates; }

void Listener::serve(Handler handler, Spooling spooling) {
  impl_->service->handler = std::move(handler);
  impl_->service->spooling = std::move(spooling);
  impl_->accept();
}

}  // namespace athanor::local::http
