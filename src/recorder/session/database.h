#pragma once

#include <SQLiteCpp/Database.h>

#include <cstdint>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "recorder/session/rows.h"

namespace athanor::recorder {

/// An object that is to be stored. A recording's parcels leave in order, one after the other, so that a
/// playlist never lists what is not there.
struct Parcel {
  enum class Kind : std::uint8_t {
    file,               ///< `source` is a file
    text,               ///< `source` is the content
    mediaPlaylist,      ///< of the rendition `source`, as it is when it leaves
    byteRangePlaylist,  ///< the same
    multivariant,       ///< `source` is the media playlists' name
  };
  std::int64_t sequence = 0;  ///< given by the database
  std::string recording;
  Kind kind = Kind::text;
  Destination destination;
  std::string key;
  std::string contentType;
  std::string source;
};

/// What is known of recordings, in one SQLite file: what a batch holds becomes durable together.
class Database {
 public:
  /// Opens or creates. Throws Error(state).
  explicit Database(const std::filesystem::path& file);

  void begin();
  /// False where it cannot be done now (a full disk) and may be tried again; throws where the batch is lost.
  bool commit();
  void rollback() noexcept;

  void put(const Stream& stream);
  void put(const Recording& recording);
  void remove(const Stream& stream);
  /// `owner`: a stream's id, or a recording's.
  void addSegment(const std::string& owner, const std::string& rendition, const Segment& segment);
  std::vector<Segment> segments(const std::string& owner, const std::string& rendition);
  std::vector<Stream> streams();
  /// All that are not over, and the newest others up to `most`; without their segments.
  std::vector<Recording> recordings(std::size_t most);

  /// One that waits already under the same key, and was not begun (`sending`), gives way to it.
  void add(const Parcel& parcel, std::int64_t sending);
  std::optional<Parcel> next(const std::string& recording);
  std::size_t waiting(const std::string& recording);
  void sent(const Parcel& parcel);

  void add(const RenderTask& task);
  /// In the order they were added.
  std::vector<RenderTask> tasks();
  bool hasTasks(const std::string& recording);
  void done(const RenderTask& task);

  void add(Event& event);
  std::vector<Event> events(std::int64_t after, std::size_t most);

 private:
  SQLite::Database sqlite_;
};

}  // namespace athanor::recorder
