#include "recorder/session/ladder.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cmath>
#include <string_view>

namespace athanor::recorder {

namespace {

/// A step of IVS's ladder for STANDARD channels.
struct Step {
  int height;
  double most;              ///< frames a second
  std::int64_t fast, slow;  ///< bits a second above 30 frames a second, and up to them
  std::int64_t audio;
};
constexpr std::array steps{Step{720, 60, 3'400'000, 2'400'000, 0}, Step{480, 30, 1'400'000, 1'400'000, 0},
                           Step{360, 30, 630'000, 630'000, 64'000}, Step{160, 30, 230'000, 230'000, 48'000}};

int widthFor(int height, const VideoFormat& source) {
  return static_cast<int>(std::lround(static_cast<double>(source.width) * height / source.height / 2)) * 2;
}

double rateUpTo(double most, const VideoFormat& source) {
  return source.framesPerSecond > 0 ? std::min(most, source.framesPerSecond) : most;
}

Rendition made(const Step& step, const VideoFormat& source) {
  const auto rate = rateUpTo(step.most, source);
  return {.path = folderOf(step.height, rate),
          .width = widthFor(step.height, source),
          .height = step.height,
          .framesPerSecond = rate,
          .bitsPerSecond = rate > 30.5 ? step.fast : step.slow,
          .audioBitsPerSecond = step.audio};
}

Ladder byMeasures(const RecordingRules& rules, const VideoFormat& source) {
  Ladder out{.source = false, .encoded = {}, .notes = {}};
  for (const auto& asked : rules.asked) {
    if (asked.width > source.width || asked.height > source.height) {
      out.source = true;
      out.notes.push_back(
          fmt::format("a rendition of {}x{} is asked for, and the source has {}x{}: the source is kept",
                      asked.width, asked.height, source.width, source.height));
      continue;
    }
    Rendition made{.path = "",
                   .width = asked.width / 2 * 2,
                   .height = asked.height / 2 * 2,
                   .framesPerSecond = asked.framesPerSecond > 0 ? rateUpTo(asked.framesPerSecond, source)
                                                                : source.framesPerSecond,
                   .bitsPerSecond = asked.bitsPerSecond,
                   .audioBitsPerSecond = 0};
    made.path = folderOf(made.height, made.framesPerSecond);
    if (std::ranges::any_of(out.encoded, [&](const auto& one) { return one.path == made.path; }))
      made.path += fmt::format("-{}k", made.bitsPerSecond / 1000);
    out.encoded.push_back(std::move(made));
  }
  for (auto& rendition : out.encoded)  // beside the source, which has that folder
    if (out.source && rendition.path == folderOf(source.height, source.framesPerSecond))
      rendition.path += fmt::format("-{}k", rendition.bitsPerSecond / 1000);
  return out;
}

/// What a transcoded channel has of a source, best first; the source itself is not among it.
std::vector<Rendition> whole(const VideoFormat& source) {
  std::vector<Rendition> out;
  for (const auto& step : steps)
    if (step.height < source.height) out.push_back(made(step, source));
  return out;
}

Ladder byBands(const RecordingRules& rules, const VideoFormat& source) {
  Ladder out{.source = false, .encoded = {}, .notes = {}};
  for (const auto band : rules.bands) {
    bool found = bandOf(source.height) == band;
    out.source = out.source || found;
    for (auto& rendition : whole(source)) {
      if (bandOf(rendition.height) != band || found) continue;
      out.encoded.push_back(std::move(rendition));
      found = true;
    }
    if (found) continue;
    out.source = true;
    out.notes.push_back(fmt::format("there is no {} of a source of {}x{}: the source is kept", nameOf(band),
                                    source.width, source.height));
  }
  return out;
}

}  // namespace

std::string folderOf(int height, double framesPerSecond) {
  return framesPerSecond > 0 ? fmt::format("{}p{}", height, std::lround(framesPerSecond))
                             : fmt::format("{}p", height);
}

std::optional<Band> bandOf(int height) {
  if (height < 160 || height > 1080) return {};
  return height <= 360 ? Band::lowest : height <= 480 ? Band::sd : height <= 720 ? Band::hd : Band::fullHd;
}

Ladder ladderFor(const RecordingRules& rules, bool transcoded, const VideoFormat& source) {
  if (rules.selection == Selection::none) return {.source = false, .encoded = {}, .notes = {}};
  if (rules.selection == Selection::custom && !rules.asked.empty()) return byMeasures(rules, source);
  if (!transcoded) return {};
  if (rules.selection == Selection::custom) return byBands(rules, source);
  return {.source = true, .encoded = whole(source), .notes = {}};
}

}  // namespace athanor::recorder
