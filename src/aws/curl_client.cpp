#include "aws/curl_client.h"

#include <curl/curl.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <array>
#include <boost/asio/posix/stream_descriptor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <deque>
#include <mutex>
#include <unordered_map>

#include "aws/curl_transfer.h"

namespace athanor::aws {

namespace asio = boost::asio;

/// libcurl's sockets lie in an epoll set of their own, of which Asio watches the one descriptor; it is armed
/// only while requests are under way, so that an idle client does not keep the loop waiting.
class CurlClient::Multi {
 public:
  Multi(SystemLoop& loop, const Environment& environment, CurlOptions options)
      : options_(std::move(options)),
        settings_(curl::settings(environment, options_.caBundle)),
        events_(loop.context()),
        timer_(loop.context()) {}

  ~Multi() {
    timer_.cancel();
    events_.close();  // closes the epoll set; libcurl's own sockets are closed below
    for (auto& [handle, transfer] : running_) curl_multi_remove_handle(multi_, handle);
    running_.clear();
    idle_.clear();
    if (multi_) curl_multi_cleanup(multi_);
  }
  Multi(const Multi&) = delete;
  Multi& operator=(const Multi&) = delete;

  Later<HttpResponse> start(HttpRequest request) {
    Later<HttpResponse> answer;
    waiting_.push_back({std::move(request), answer});
    begin();
    return answer;
  }

 private:
  using Tick = std::chrono::steady_clock::time_point;
  struct Waiting {
    HttpRequest request;
    Later<HttpResponse> answer;
  };
  struct Running {
    std::unique_ptr<curl::Transfer> transfer;
    Later<HttpResponse> answer;
  };

  void open() {
    static std::once_flag once;  // libcurl's own process-wide state
    std::call_once(once, [] { curl_global_init(CURL_GLOBAL_DEFAULT); });
    multi_ = curl_multi_init();
    const int set = epoll_create1(EPOLL_CLOEXEC);
    if (!multi_ || set < 0) throw Error(ErrorCode::internal, "cannot start the HTTP client");
    events_.assign(set);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETFUNCTION, &Multi::onSocket);
    curl_multi_setopt(multi_, CURLMOPT_SOCKETDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_TIMERFUNCTION, &Multi::onTimer);
    curl_multi_setopt(multi_, CURLMOPT_TIMERDATA, this);
    curl_multi_setopt(multi_, CURLMOPT_MAXCONNECTS, static_cast<long>(options_.inFlight));
  }

  /// Hands waiting requests to libcurl while there is room.
  void begin() {
    if (!multi_) open();
    while (!waiting_.empty() && running_.size() < options_.inFlight) {
      auto [request, answer] = std::move(waiting_.front());
      waiting_.pop_front();
      std::unique_ptr<curl::Transfer> transfer;
      if (idle_.empty()) {
        transfer = std::make_unique<curl::Transfer>();
      } else {
        transfer = std::move(idle_.back());
        idle_.pop_back();
      }
      transfer->prepare(std::move(request), settings_);
      auto* handle = transfer->handle();
      running_.emplace(handle, Running{std::move(transfer), answer});
      curl_multi_add_handle(multi_, handle);
    }
    if (!running_.empty()) watch();
  }

  void watch() {
    if (watching_) return;
    watching_ = true;
    events_.async_wait(asio::posix::stream_descriptor::wait_read, [this](boost::system::error_code error) {
      if (error) return;  // closed, or nothing under way
      watching_ = false;
      ready();
    });
  }

  void ready() {
    std::array<epoll_event, 64> events{};
    const int count = epoll_wait(events_.native_handle(), events.data(), static_cast<int>(events.size()), 0);
    for (int i = 0; i < count; ++i) {
      const auto& event = events[static_cast<std::size_t>(i)];
      int what = 0;
      if (event.events & (EPOLLIN | EPOLLHUP)) what |= CURL_CSELECT_IN;
      if (event.events & EPOLLOUT) what |= CURL_CSELECT_OUT;
      if (event.events & EPOLLERR) what |= CURL_CSELECT_ERR;
      act(event.data.fd, what);
    }
    finish();
  }

  void act(curl_socket_t socket, int what) {
    int running = 0;
    curl_multi_socket_action(multi_, socket, what, &running);
  }

  /// Settles what has ended. Coroutines resume here last, since they may do anything.
  void finish() {
    std::vector<Running> ended;
    int left = 0;
    while (auto* message = curl_multi_info_read(multi_, &left)) {
      if (message->msg != CURLMSG_DONE) continue;
      auto* handle = message->easy_handle;
      const auto result = message->data.result;
      auto found = running_.find(handle);
      found->second.transfer->conclude(result);
      ended.push_back(std::move(found->second));
      running_.erase(found);
      curl_multi_remove_handle(multi_, handle);
    }
    begin();
    if (running_.empty()) rest();
    for (auto& [transfer, answer] : ended) {
      auto outcome = transfer->take();
      idle_.push_back(std::move(transfer));
      if (auto* response = std::get_if<HttpResponse>(&outcome))
        answer.resolve(std::move(*response));
      else
        answer.reject(std::get<std::exception_ptr>(outcome));
    }
  }

  /// Leaves the loop nothing to wait for.
  void rest() {
    if (armed_) timer_.cancel();
    armed_.reset();
    due_.reset();
    if (std::exchange(watching_, false)) events_.cancel();
  }

  static int onSocket(CURL*, curl_socket_t socket, int what, void* self, void*) {
    const int set = static_cast<Multi*>(self)->events_.native_handle();
    if (what == CURL_POLL_REMOVE) {
      epoll_ctl(set, EPOLL_CTL_DEL, socket, nullptr);  // fails harmlessly where it was closed before
      return 0;
    }
    epoll_event event{};
    event.data.fd = socket;
    if (what & CURL_POLL_IN) event.events |= EPOLLIN;
    if (what & CURL_POLL_OUT) event.events |= EPOLLOUT;
    if (epoll_ctl(set, EPOLL_CTL_MOD, socket, &event) != 0) epoll_ctl(set, EPOLL_CTL_ADD, socket, &event);
    return 0;
  }

  /// libcurl sets its timer several times for each request, mostly to "now" or to something later than
  /// before. Arming a real one costs a system call, so that is done only where it must go off sooner.
  static int onTimer(CURLM*, long milliseconds, void* self) {
    auto& multi = *static_cast<Multi*>(self);
    if (milliseconds < 0) {
      multi.due_.reset();
    } else if (milliseconds == 0) {
      multi.due_.reset();
      multi.kick();
    } else {
      multi.due_ = Tick::clock::now() + std::chrono::milliseconds(milliseconds);
      multi.arm();
    }
    return 0;
  }

  /// Lets libcurl act as soon as whoever runs now is done.
  void kick() {
    if (std::exchange(kicked_, true)) return;
    asio::post(events_.get_executor(), [weak = std::weak_ptr(alive_), this] {
      if (weak.expired()) return;
      kicked_ = false;
      act(CURL_SOCKET_TIMEOUT, 0);
      finish();
    });
  }

  void arm() {
    if (armed_ && *armed_ <= *due_) return;
    armed_ = due_;
    timer_.expires_at(*due_);
    timer_.async_wait([this](boost::system::error_code error) {
      if (error) return;  // armed anew, or nothing under way
      armed_.reset();
      if (!due_) return;
      if (*due_ > Tick::clock::now()) return arm();
      due_.reset();
      act(CURL_SOCKET_TIMEOUT, 0);
      finish();
    });
  }

  CurlOptions options_;
  curl::Settings settings_;
  asio::posix::stream_descriptor events_;
  asio::steady_timer timer_;
  CURLM* multi_ = nullptr;
  std::shared_ptr<bool> alive_ = std::make_shared<bool>(true);
  std::optional<Tick> due_;    ///< when libcurl wants to be called
  std::optional<Tick> armed_;  ///< when the timer goes off
  bool kicked_ = false;
  bool watching_ = false;
  std::deque<Waiting> waiting_;
  std::unordered_map<CURL*, Running> running_;
  std::vector<std::unique_ptr<curl::Transfer>> idle_;
};

CurlClient::CurlClient(SystemLoop& loop, const Environment& environment, CurlOptions options)
    : multi_(std::make_unique<Multi>(loop, environment, std::move(options))) {}
CurlClient::~CurlClient() = default;

Task<HttpResponse> CurlClient::send(HttpRequest request) {
  co_return co_await multi_->start(std::move(request));
}

}  // namespace athanor::aws
