#include "recorder/session/delivery.h"

#include <algorithm>
#include <utility>

#include "base/loop.h"

namespace athanor::recorder {

namespace {

constexpr std::chrono::milliseconds shortest{1000}, longest{60'000};

}  // namespace

void Delivery::add(const Parcel& parcel) { database_.add(parcel, lanes_[parcel.recording].sending); }

void Delivery::send(const std::string& recording) {
  auto& lane = lanes_[recording];
  if (lane.sending != 0) return;
  const auto parcel = database_.next(recording);
  if (!parcel) {
    lanes_.erase(recording);
    return;
  }
  lane.sending = parcel->sequence;
  Object object{.destination = parcel->destination,
                .key = parcel->key,
                .contentType = parcel->contentType,
                .content = parcel->source};
  if (parcel->kind == Parcel::Kind::file)
    object.content = std::filesystem::path(parcel->source);
  else if (parcel->kind != Parcel::Kind::text)
    object.content = hooks_.content(*parcel);
  store_.put(std::move(object), [weak = weak_from_this(), parcel = *parcel](std::string failure) {
    const auto held = weak.lock();
    if (!held) return;
    held->loop_.post([weak, parcel, failure = std::move(failure)] {
      if (const auto self = weak.lock()) self->answered(parcel, failure);
    });
  });
}

void Delivery::answered(const Parcel& parcel, const std::string& failure) {
  auto& lane = lanes_[parcel.recording];
  lane.sending = 0;
  if (failure.empty()) {
    hooks_.batch([&] { database_.sent(parcel); });
    if (std::exchange(lane.failures, 0) > 0) hooks_.held(parcel.recording, "");
    hooks_.delivered(parcel);
    return send(parcel.recording);
  }
  if (lane.failures++ == 0) hooks_.held(parcel.recording, failure);
  const auto pause = std::min(longest, shortest * (1 << std::min(lane.failures - 1, 6)));
  // Until then it counts as being sent, so that nothing overtakes it.
  lane.sending = -1;
  loop_.after(pause, [weak = weak_from_this(), recording = parcel.recording] {
    const auto self = weak.lock();
    if (!self) return;
    self->lanes_[recording].sending = 0;
    self->send(recording);
  });
}

}  // namespace athanor::recorder
