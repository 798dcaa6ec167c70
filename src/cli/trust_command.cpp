#include <fmt/chrono.h>
#include <fmt/format.h>

#include "base/time_text.h"
#include "cli/commands.h"
#include "cli/exit_status.h"
#include "local/data_folder.h"
#include "local/tls/authority.h"
#include "state/folder.h"

namespace athanor::cli {

namespace {

/// The variables by which clients find what they trust beside, or instead of, the system's authorities.
constexpr std::pair<const char*, const char*> variables[] = {
    {"AWS_CA_BUNDLE", "the AWS CLI, boto3, Athanor"},
    {"NODE_EXTRA_CA_CERTS", "Node: the SDK for JavaScript, npm's tools"},
    {"CURL_CA_BUNDLE", "curl"},
    {"SSL_CERT_FILE", "OpenSSL: Ruby, Go, Rust and others"},
};

Json systemCommands(const std::string& file) {
  return {fmt::format("sudo cp {} /usr/local/share/ca-certificates/athanor.crt", file),
          "sudo update-ca-certificates"};
}

std::string text(const std::string& file, const local::tls::Authority& authority) {
  auto out = fmt::format("{}\n  SHA-256 {}\n  good until {:%Y-%m-%d}\n\nFor one shell:\n", file,
                         authority.fingerprint(),
                         fmt::gmtime(std::chrono::system_clock::to_time_t(authority.expires())));
  for (const auto& [name, clients] : variables)
    out += fmt::format("  export {}={}   # {}\n", name, file, clients);
  out += "\nFor all of a Debian system, until it is taken out again:\n";
  for (const auto& command : systemCommands(file)) out += "  " + command.get<std::string>() + "\n";
  return out +
         "\nWhoever can read the ca.key beside it can pass for any site to those who trust it.\n"
         "Then say https where you said http: the port is the same.\n";
}

}  // namespace

int trustCommand(const Surroundings& around) {
  const auto place = placeOf(around.arguments, around.directory);
  if (around.arguments.data.empty()) state::makeFolder(place.folder);
  const auto folder = std::filesystem::absolute(dataOf(around.arguments, place)).lexically_normal();
  const local::tls::Authority authority(local::DataFolder::tlsOf(folder), std::chrono::system_clock::now());
  const auto file = authority.file().string();
  if (!around.arguments.json) {
    around.console.out(text(file, authority));
    return exitOk;
  }
  Json environment = Json::object();
  for (const auto& [name, clients] : variables) environment[name] = file;
  around.console.json({{"ca", file},
                       {"fingerprint", authority.fingerprint()},
                       {"expires", isoTime(authority.expires())},
                       {"environment", environment},
                       {"system", systemCommands(file)}});
  return exitOk;
}

}  // namespace athanor::cli
