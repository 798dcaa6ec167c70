#pragma once

#include <functional>
#include <map>
#include <memory>
#include <string>

#include "recorder/session/database.h"

namespace athanor {
class Loop;
}

namespace athanor::recorder {

/// Brings parcels to the object store: each recording's in order, several recordings' at once. What fails is
/// tried again, for as long as it takes.
class Delivery : public std::enable_shared_from_this<Delivery> {
 public:
  struct Hooks {
    std::function<void(const std::function<void()>&)> batch;  ///< runs one batch of the database
    std::function<std::string(const Parcel&)> content;        ///< of a playlist, as it is now
    std::function<void(const Parcel&)> delivered;  ///< it is durable there, and gone from the database
    std::function<void(const std::string& recording, const std::string& failure)> held;  ///< "": no longer
  };

  Delivery(Database& database, ObjectStore& store, Loop& loop, Hooks hooks)
      : database_(database), store_(store), loop_(loop), hooks_(std::move(hooks)) {}

  /// Adds it within the open batch of the database.
  void add(const Parcel& parcel);
  /// Goes on with a recording's parcels; called after the batch is committed.
  void send(const std::string& recording);

 private:
  struct Lane {
    std::int64_t sending = 0;  ///< the parcel's sequence; 0: none
    int failures = 0;          ///< in a row
  };
  void answered(const Parcel& parcel, const std::string& failure);

  Database& database_;
  ObjectStore& store_;
  Loop& loop_;
  Hooks hooks_;
  std::map<std::string, Lane> lanes_;
};

}  // namespace athanor::recorder
