#include "aws/credential_process.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cstring>

#include "aws/time.h"
#include "base/json.h"

namespace athanor::aws {
namespace {

/// Words of a command line: quotes keep spaces, a backslash the next character. No shell.
std::vector<std::string> words(const std::string& line) {
  std::vector<std::string> out;
  std::string word;
  bool inWord = false;
  char quote = 0;
  for (std::size_t i = 0; i < line.size(); ++i) {
    const char c = line[i];
    if (c == '\\' && quote != '\'' && i + 1 < line.size()) {
      word += line[++i];
      inWord = true;
    } else if (quote) {
      if (c == quote)
        quote = 0;
      else
        word += c;
    } else if (c == '"' || c == '\'') {
      quote = c;
      inWord = true;
    } else if (c == ' ' || c == '\t') {
      if (inWord) out.push_back(std::exchange(word, {}));
      inWord = false;
    } else {
      word += c;
      inWord = true;
    }
  }
  if (inWord) out.push_back(word);
  return out;
}

Error failure(const std::string& command, const std::string& why) {
  return Error(ErrorCode::credentials, fmt::format("the credential_process \"{}\" {}", command, why))
      .next("Run it by hand to see what is wrong.");
}

std::string readAll(int descriptor) {
  std::string out;
  std::array<char, 4096> chunk{};
  for (;;) {
    const auto count = ::read(descriptor, chunk.data(), chunk.size());
    if (count > 0) out.append(chunk.data(), static_cast<std::size_t>(count));
    if (count == 0 || (count < 0 && errno != EINTR)) return out;
  }
}

}  // namespace

Credentials runCredentialProcess(const std::string& commandLine) {
  auto arguments = words(commandLine);
  if (arguments.empty()) throw failure(commandLine, "is empty");
  std::vector<char*> pointers;
  for (auto& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);

  std::array<int, 2> pipe{};
  if (::pipe2(pipe.data(), O_CLOEXEC) != 0) throw failure(commandLine, std::strerror(errno));
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_adddup2(&actions, pipe[1], STDOUT_FILENO);
  pid_t child = 0;
  const int error = ::posix_spawnp(&child, pointers[0], &actions, nullptr, pointers.data(), environ);
  posix_spawn_file_actions_destroy(&actions);
  ::close(pipe[1]);
  if (error) {
    ::close(pipe[0]);
    throw failure(commandLine, fmt::format("cannot be started: {}", std::strerror(error)));
  }
  const auto output = readAll(pipe[0]);
  ::close(pipe[0]);
  int status = 0;
  while (::waitpid(child, &status, 0) < 0 && errno == EINTR) {
  }
  if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
    throw failure(commandLine, WIFEXITED(status) ? fmt::format("ended with status {}", WEXITSTATUS(status))
                                                 : fmt::format("was ended by signal {}", WTERMSIG(status)));
  return credentialsFromJson(output, "the credential_process \"" + commandLine + "\"");
}

Credentials credentialsFromJson(const std::string& text, const std::string& source) {
  const auto json = Json::parse(text, nullptr, false);
  Credentials out;
  out.key = {stringAt(json, "AccessKeyId"), stringAt(json, "SecretAccessKey"),
             stringAt(json, "SessionToken", stringAt(json, "Token"))};
  out.expires = parseIsoTime(stringAt(json, "Expiration"));
  out.from = source;
  if (!out.key.accessKeyId.empty() && !out.key.secretAccessKey.empty()) return out;
  const auto words = stringAt(json, "Message", stringAt(json, "message"));
  throw Error(ErrorCode::credentials,
              source + " gave no AccessKeyId and SecretAccessKey" + (words.empty() ? "" : ": " + words));
}

}  // namespace athanor::aws
