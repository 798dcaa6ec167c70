#pragma once

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace athanor::recorder {

/// Where objects go: DestinationConfiguration.S3 and ThumbnailConfiguration.Destination.S3.
struct Destination {
  std::string bucket;
  std::string prefix;   ///< in front of "ivs/v1/…"; "" on AWS
  std::string roleArn;  ///< "" where none is named
};

/// IVS's bands of heights, lowest first: 160 <= lowest <= 360 < sd <= 480 < hd <= 720 < fullHd <= 1080.
enum class Band : std::uint8_t { lowest, sd, hd, fullHd };

/// "LOWEST_RESOLUTION", "SD", "HD" or "FULL_HD"; and back: none for any other text.
std::string_view nameOf(Band band);
std::optional<Band> bandNamed(std::string_view name);

/// RenditionConfiguration.RenditionSelection.
enum class Selection : std::uint8_t { all, none, custom };

/// One rendition that a configuration asks for by its measures.
struct AskedRendition {
  int width = 0, height = 0;
  double framesPerSecond = 0;      ///< 0: as the source has it
  std::int64_t bitsPerSecond = 0;  ///< of the video
};

struct ThumbnailRules {
  bool enabled = true;  ///< RecordingMode INTERVAL
  std::chrono::seconds interval{60};
  std::optional<Band> resolution;  ///< none: the source's
  bool sequential = true, latest = false;
  std::optional<Destination> destination;  ///< none: the recording's own
};

/// A recording configuration in the recorder's terms.
struct RecordingRules {
  std::string arn;
  Destination destination;
  Selection selection = Selection::all;
  std::vector<Band> bands;            ///< of a custom selection
  std::vector<AskedRendition> asked;  ///< of a custom selection, by measures
  ThumbnailRules thumbnails;
  std::chrono::seconds reconnectWindow{0};
};

/// A channel as the recorder sees it: the state of its configuration when a stream begins.
struct Channel {
  std::string arn;  ///< "arn:aws:ivs:us-west-2:123456789012:channel/AbCdEf123456"
  std::string id;   ///< the ARN's last part
  std::string account, region;
  std::string name;
  bool transcoded = true;  ///< STANDARD and ADVANCED types have IVS's ladder; BASIC is copied
  bool insecureIngest = false;
  std::string passphrase;                   ///< of SRT
  std::optional<RecordingRules> recording;  ///< none: it plays live and is not recorded
};

}  // namespace athanor::recorder
