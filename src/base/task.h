#pragma once

#include <coroutine>
#include <exception>
#include <functional>
#include <memory>
#include <optional>
#include <stdexcept>
#include <utility>
#include <variant>
#include <vector>

namespace athanor {

template <class T = void>
class Task;

namespace detail {

template <class T>
struct TaskResult {
  std::variant<std::monostate, T, std::exception_ptr> value;
  template <class U>
  void return_value(U&& result) {
    value.template emplace<1>(std::forward<U>(result));
  }
  void unhandled_exception() { value.template emplace<2>(std::current_exception()); }
  T take() {
    if (value.index() == 2) std::rethrow_exception(std::get<2>(value));
    return std::move(std::get<1>(value));
  }
};

template <>
struct TaskResult<void> {
  std::exception_ptr error;
  void return_void() {}
  void unhandled_exception() { error = std::current_exception(); }
  void take() const {
    if (error) std::rethrow_exception(error);
  }
};

}  // namespace detail

/// A coroutine that starts when awaited and gives its result, or throws, to the one that awaits it. Awaited
/// once. A reference or view parameter must outlive the coroutine by construction; otherwise pass a value.
template <class T>
class [[nodiscard]] Task {
 public:
  struct promise_type : detail::TaskResult<T> {
    std::coroutine_handle<> continuation = std::noop_coroutine();
    Task get_return_object() { return Task(std::coroutine_handle<promise_type>::from_promise(*this)); }
    std::suspend_always initial_suspend() noexcept { return {}; }
    auto final_suspend() noexcept {
      struct Resume {
        bool await_ready() noexcept { return false; }
        std::coroutine_handle<> await_suspend(std::coroutine_handle<promise_type> self) noexcept {
          return self.promise().continuation;
        }
        void await_resume() noexcept {}
      };
      return Resume{};
    }
  };

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  auto operator co_await() && noexcept {
    struct Await {
      std::coroutine_handle<promise_type> task;
      bool await_ready() noexcept { return false; }
      std::coroutine_handle<> await_suspend(std::coroutine_handle<> awaiter) noexcept {
        task.promise().continuation = awaiter;
        return task;
      }
      T await_resume() { return task.promise().take(); }
    };
    return Await{handle_};
  }

 private:
  explicit Task(std::coroutine_handle<promise_type> handle) : handle_(handle) {}
  std::coroutine_handle<promise_type> handle_;
};

/// A value that arrives once, from outside of the coroutines that wait for it. Copies share it. It is not for
/// use from several threads. Those that wait resume inside resolve() or reject(), in the order they came.
template <class T = std::monostate>
class Later {
 public:
  void resolve(T value = {}) {
    settle([&] { state_->value.emplace(std::move(value)); });
  }
  void reject(std::exception_ptr error) {
    settle([&] { state_->error = std::move(error); });
  }
  bool settled() const { return state_->value.has_value() || state_->error; }

  auto operator co_await() const noexcept {
    struct Await {
      std::shared_ptr<State> state;
      bool await_ready() const noexcept { return state->value.has_value() || state->error; }
      void await_suspend(std::coroutine_handle<> awaiter) { state->waiting.push_back(awaiter); }
      T await_resume() const {
        if (state->error) std::rethrow_exception(state->error);
        return *state->value;
      }
    };
    return Await{state_};
  }

 private:
  struct State {
    std::optional<T> value;
    std::exception_ptr error;
    std::vector<std::coroutine_handle<>> waiting;
  };
  template <class Set>
  void settle(Set set) {
    if (settled()) return;
    auto state = state_;
    set();
    for (auto waiting = std::exchange(state->waiting, {}); auto handle : waiting) handle.resume();
  }
  std::shared_ptr<State> state_ = std::make_shared<State>();
};

namespace detail {
struct Detached {
  struct promise_type {
    Detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    [[noreturn]] void unhandled_exception() { std::terminate(); }
  };
};
}  // namespace detail

/// Starts a task at once and lets it run by itself; what it throws ends the process, so it must handle its
/// errors.
inline void spawn(Task<> task) {
  [](Task<> owned) -> detail::Detached { co_await std::move(owned); }(std::move(task));
}

/// Starts a task at once; its outcome arrives in the Later that is given back.
template <class T>
Later<T> start(Task<T> task) {
  Later<T> later;
  [](Task<T> owned, Later<T> out) -> detail::Detached {
    std::exception_ptr error;
    std::optional<T> value;
    try {
      value.emplace(co_await std::move(owned));
    } catch (...) {
      error = std::current_exception();
    }
    if (error)
      out.reject(error);
    else
      out.resolve(std::move(*value));
  }(std::move(task), later);
  return later;
}
inline Later<> start(Task<> task) {
  return start([](Task<> owned) -> Task<std::monostate> {
    co_await std::move(owned);
    co_return std::monostate{};
  }(std::move(task)));
}

/// Runs all tasks at once; ends when the last has ended, then throws the first error by position.
inline Task<> all(std::vector<Task<>> tasks) {
  std::vector<Later<>> running;
  running.reserve(tasks.size());
  for (auto& task : tasks) running.push_back(start(std::move(task)));
  std::exception_ptr error;
  for (auto& one : running) {
    try {
      co_await one;
    } catch (...) {
      if (!error) error = std::current_exception();
    }
  }
  if (error) std::rethrow_exception(error);
}

}  // namespace athanor
