#pragma once

#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "aws/http.h"
#include "base/loop.h"
#include "local/server.h"
#include "schema/catalogue.h"

namespace athanor::cli {

/// The AWS that runs here, as a command found or started it. A started one stops with this object.
struct LocalAws {
  std::string url;
  std::string id;                                   ///< of its data folder
  std::filesystem::path data;                       ///< where it keeps everything; its state lies there too
  std::unique_ptr<local::Server> server = nullptr;  ///< null where it runs elsewhere
};

/// What a server says of itself at `/_athanor/health`; none where nothing answers or it is not Athanor's.
std::optional<LocalAws> healthOf(Loop& loop, aws::HttpClient& http, const std::string& url);

/// The server that runs on a data folder; where `mayBeOther`, else the one on port 4566.
std::optional<LocalAws> find(Loop& loop, aws::HttpClient& http, const std::filesystem::path& data,
                             bool mayBeOther);

/// Starts one in this process, on any free port. `say` hears what it has to say, on its own thread.
LocalAws start(const schema::Catalogue& catalogue, const std::filesystem::path& data,
               std::function<void(const std::string&)> say);

}  // namespace athanor::cli
