#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <csignal>
#include <fstream>
#include <thread>

#include "base/error.h"
#include "fixtures.h"
#include "wire.h"

namespace athanor::local::test {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;

TEST(DataFolder, IsServedByOneServerAtATime) {
  const TempFolder data;
  const Server first(onFreePort(data.path()), catalogue());
  try {
    const Server second(onFreePort(data.path()), catalogue());
    FAIL() << "two servers on one folder";
  } catch (const Error& error) {
    EXPECT_EQ(error.code(), ErrorCode::conflict);
    EXPECT_EQ(error.detail(), first.url());
    EXPECT_THAT(error.what(), HasSubstr("process " + std::to_string(::getpid())));
  }
}

TEST(DataFolder, TellsWhereItIsServed) {
  const TempFolder data;
  EXPECT_EQ(runningServer(data.path()), "");
  {
    const Server server(onFreePort(data.path()), catalogue());
    EXPECT_EQ(runningServer(data.path()), server.url());
  }
  EXPECT_EQ(runningServer(data.path()), "") << "what the file still says does not count";
}

TEST(DataFolder, CarriesItsIdAcrossRestarts) {
  const TempFolder data;
  const auto id = [&](const std::filesystem::path& folder) {
    return Server(onFreePort(folder), catalogue()).id();
  };
  const auto first = id(data.path() / "a");
  EXPECT_EQ(id(data.path() / "a"), first);
  EXPECT_NE(id(data.path() / "b"), first);
}

TEST(DataFolder, ThatIsDamagedOrNewerIsAnErrorOfState) {
  const TempFolder data;
  const auto failure = [&] {
    try {
      const Server server(onFreePort(data.path()), catalogue());
      return std::string();
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::state);
      return std::string(error.what());
    }
  };
  EXPECT_EQ(failure(), "");
  SQLite::Database(data.path() / "local.sqlite", SQLite::OPEN_READWRITE).exec("PRAGMA user_version=99");
  EXPECT_THAT(failure(), HasSubstr("newer Athanor"));
  std::filesystem::remove_all(data.path());
  std::filesystem::create_directories(data.path());
  std::ofstream(data.path() / "local.sqlite") << std::string(5000, 'x');
  EXPECT_THAT(failure(), HasSubstr("cannot be used"));
}

/// A server in a process of its own, to be killed.
class OtherProcess {
 public:
  OtherProcess(const std::filesystem::path& data, milliseconds latency) {
    int pipe[2];
    if (::pipe(pipe) != 0) throw std::runtime_error("no pipe");
    pid_ = ::fork();
    if (pid_ == 0) serve(data, latency, pipe[1]);
    ::close(pipe[1]);
    char buffer[256];
    for (ssize_t size = 0; (size = ::read(pipe[0], buffer, sizeof buffer)) > 0;)
      url_.append(buffer, static_cast<std::size_t>(size));
    ::close(pipe[0]);
    if (url_.empty()) throw std::runtime_error("no server");
  }
  ~OtherProcess() { kill(); }
  OtherProcess(const OtherProcess&) = delete;
  OtherProcess& operator=(const OtherProcess&) = delete;

  void kill() {
    if (pid_ <= 0) return;
    ::kill(pid_, SIGKILL);
    ::waitpid(std::exchange(pid_, -1), nullptr, 0);
  }
  const std::string& url() const { return url_; }

 private:
  [[noreturn]] static void serve(const std::filesystem::path& data, milliseconds latency, int tell) {
    auto options = onFreePort(data);
    options.latency = latency;
    const Server server(options, catalogue());
    const auto url = server.url();
    if (::write(tell, url.data(), url.size()) < 0) ::_exit(1);
    ::close(tell);
    while (true) ::pause();
  }

  pid_t pid_ = -1;
  std::string url_;
};

TEST(Killed, KeepsWhatItAnsweredAndEndsWhatItAccepted) {
  const TempFolder data;
  std::string done;
  Json accepted;
  {
    OtherProcess other(data.path(), milliseconds(0));
    done = awsJson(other.url(), {"cloudcontrol", "create-resource", "--type-name", "AWS::IVS::Channel",
                                 "--desired-state", "{}"})
               .at("ProgressEvent")
               .at("Identifier");
    other.kill();
  }
  {
    OtherProcess other(data.path(), milliseconds(60'000));
    accepted = awsJson(other.url(), {"cloudcontrol", "create-resource", "--type-name", "AWS::Logs::LogGroup",
                                     "--desired-state", R"({"LogGroupName":"X"})"})
                   .at("ProgressEvent");
    EXPECT_EQ(accepted.at("OperationStatus"), "PENDING");
    other.kill();
    EXPECT_EQ(runningServer(data.path()), "") << "the lock died with its holder";
  }
  // A minute later, by the clock of those who ask.
  InProcess later(milliseconds(60'000), data.path() / "local.sqlite");
  later.caller = {"123456789012", "us-east-1"};
  *later.now = std::chrono::system_clock::now() + milliseconds(60'000);
  EXPECT_EQ(later.status(accepted).at("OperationStatus"), "SUCCESS");
  EXPECT_EQ(later.read("AWS::Logs::LogGroup", "X").at("LogGroupName"), "X");
  EXPECT_EQ(later.read("AWS::IVS::Channel", done).at("Arn"), done);
}

TEST(Server, EndsOperationsOnTimeThoughNobodyAsks) {
  const TempFolder data;
  auto options = onFreePort(data.path());
  options.latency = milliseconds(20);
  const Server server(options, catalogue());
  awsJson(server.url(),
          {"cloudcontrol", "create-resource", "--type-name", "AWS::IVS::Channel", "--desired-state", "{}"});
  // The status only counts: it ends nothing that is due.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(20);
  const auto active = [&] {
    return ask(server.url(), requestOf("GET", "/_athanor/status")).json().at("active").get<int>();
  };
  while (active() > 0 && std::chrono::steady_clock::now() < until)
    std::this_thread::sleep_for(milliseconds(5));
  EXPECT_EQ(active(), 0);
}

}  // namespace
}  // namespace athanor::local::test
