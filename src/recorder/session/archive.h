#pragma once

#include <chrono>
#include <filesystem>
#include <functional>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "recorder/session/database.h"
#include "recorder/session/delivery.h"
#include "recorder/session/rendering.h"

namespace athanor::recorder {

/// What was written stays readable for so long, for those who play it live.
constexpr std::chrono::seconds liveWindow{60};

/// The recordings: what becomes of the segments that are added to them. Lives on the recorder's loop.
class Archive : public std::enable_shared_from_this<Archive> {
 public:
  /// Settings and what is given by reference outlive it.
  Archive(const RecorderSettings& settings, Loop& loop, ObjectStore& store);

  /// Reads what an earlier one left, and goes on with it.
  void resume();

  /// Runs `work` as one batch: what it keeps becomes durable together, then its events are told, and what it
  /// added goes to the store. While it cannot be kept (a full disk) everything waits.
  void batch(const std::function<void()>& work);

  // Within a batch:

  void emit(Event event);
  /// Begins a recording of a stream.
  Recording& begin(const Stream& stream, const Format& format, Time at);
  /// Adds a source segment, which lies in a file that is not changed any more.
  void add(Recording& recording, const Segment& segment, const std::filesystem::path& file);
  /// Its stream has ended: it waits for another one as long as its window says.
  void wait(Recording& recording);
  /// Nothing is added to it any more.
  void finish(Recording& recording);

  // After it:

  /// Removes a file or folder, once nobody can be playing it live.
  void forget(std::filesystem::path path);
  void say(const std::string& sentence) const;

  Recording& at(const std::string& id) { return recordings_.at(id); }
  /// Null where there is none.
  Recording* find(const std::string& id);
  /// Newest first.
  const std::vector<std::string>& order() const { return order_; }
  RecordingInfo info(const std::string& id);
  bool busy() const;
  Database& database() { return database_; }

 private:
  void commit();
  void readSegments(Recording& recording);
  void deliver(const Parcel& parcel);
  void parcel(const Recording& recording, Parcel::Kind kind, const std::string& key, const char* type,
              std::string source);
  void playlists(Recording& recording);
  std::string contentOf(const Parcel& parcel) const;
  void render(RenderTask task);
  void rendered(const RenderTask& task, const Renderer::Task& work, const Renderer::Outcome& outcome,
                const std::string& failure);
  void keep(Recording& recording, const Rendition& rendition, const Renderer::Encoded& encoded);
  void keep(const Recording& recording, const Renderer::Thumbnail& thumbnail);
  void watch(const std::string& id, Time ends);
  void conclude(Recording& recording);
  void delivered(const Parcel& parcel);
  void held(const std::string& id, const std::string& why);
  std::filesystem::path renderedFolder(const std::string& recording) const;

  const RecorderSettings& settings_;
  Loop& loop_;
  ObjectStore& store_;
  Database database_;
  std::shared_ptr<Delivery> delivery_;
  std::map<std::string, Recording> recordings_;
  std::vector<std::string> order_;
  std::map<std::string, std::string> heldUp_;  ///< recordings that cannot be stored at the moment, and why
  std::vector<Event> untold_;                  ///< of the open batch
  std::set<std::string> touched_;              ///< recordings that have new parcels, of the open batch
  std::unique_ptr<Rendering> rendering_;
};

}  // namespace athanor::recorder
