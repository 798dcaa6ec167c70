#include "schema/translate.h"

#include <charconv>

#include "schema/pick.h"

namespace athanor::schema {

namespace {

/// Takes out what AWS does not honour, each with its note, and objects that nothing is left of.
class Stripper {
 public:
  explicit Stripper(Translated& out) : out_(out) {}

  Json strip(const Shape& shape, const Json& value, const std::string& here) {
    const auto* form = settled(shape, value);
    if (!form || !value.is_structured()) return value;
    if (value.is_array()) {
      Json kept = Json::array();
      for (std::size_t i = 0; i < value.size(); ++i)
        kept.push_back(form->element ? strip(*form->element, value[i], here + "/" + std::to_string(i))
                                     : value[i]);
      return kept;
    }
    Json kept = Json::object();
    for (const auto& [key, inner] : value.items()) {
      const auto place = here + "/" + escapePointer(key);
      const auto* property = form->kind == Kind::object ? form->find(key) : nullptr;
      if (property && property->support == Support::localOnly) {
        if (inner != "") out_.losses.push_back({place, property->supportNote});
        continue;
      }
      auto part = property                  ? strip(*property->shape, inner, place)
                  : form->kind == Kind::map ? strip(*form->element, inner, place)
                                            : inner;
      if (part.is_object() && part.empty() && !inner.empty()) continue;
      kept[key] = std::move(part);
    }
    return kept;
  }

 private:
  Translated& out_;
};

/// 720 of "1280x720"; 0 where it is no resolution.
int heightOf(const std::string& resolution) {
  const auto cross = resolution.find('x');
  int height = 0;
  if (cross != std::string::npos)
    std::from_chars(resolution.data() + cross + 1, resolution.data() + resolution.size(), height);
  return height;
}

/// IVS's bands, each up to and with its height.
const char* bandOf(int height) {
  if (height <= 360) return "LOWEST_RESOLUTION";
  if (height <= 480) return "SD";
  if (height <= 720) return "HD";
  return "FULL_HD";
}

/// Renditions by resolution become the names of the bands that they lie in.
void nameBands(Json& configuration, Translated& out) {
  auto renditions = configuration.find("Renditions");
  if (renditions == configuration.end() || !renditions->is_array()) return;
  Json bands = Json::array();
  bool translated = false;
  for (std::size_t i = 0; i < renditions->size(); ++i) {
    const auto& rendition = (*renditions)[i];
    const auto here = "/RenditionConfiguration/Renditions/" + std::to_string(i);
    if (!rendition.is_object() || !rendition.contains("Resolution") || !rendition["Resolution"].is_string()) {
      bands.push_back(rendition);
      continue;
    }
    translated = true;
    const auto height = heightOf(rendition["Resolution"]);
    const Json band = bandOf(height);
    if (height > 1080) out.losses.push_back({here + "/Resolution", "IVS records at most 1080 lines"});
    if (std::ranges::find(bands, band) == bands.end())
      bands.push_back(band);
    else
      out.losses.push_back(
          {here, "IVS records one rendition for each of its bands, and another rendition lies in " +
                     band.get<std::string>() + " as well"});
  }
  *renditions = std::move(bands);
  if (translated) configuration["RenditionSelection"] = "CUSTOM";
}

void translateRecordingConfiguration(Json& props, Translated& out) {
  if (auto thumbnails = props.find("ThumbnailConfiguration");
      thumbnails != props.end() && thumbnails->is_object() && thumbnails->contains("IntervalSeconds")) {
    (*thumbnails)["TargetIntervalSeconds"] = (*thumbnails)["IntervalSeconds"];
    (*thumbnails)["RecordingMode"] = "INTERVAL";
    thumbnails->erase("IntervalSeconds");
  }
  if (auto renditions = props.find("RenditionConfiguration");
      renditions != props.end() && renditions->is_object())
    nameBands(*renditions, out);
}

}  // namespace

Translated forAws(const Type& type, const Json& props) {
  Translated out;
  out.props = Stripper(out).strip(*type.root, props, "");
  if (type.name == "AWS::IVS::RecordingConfiguration") translateRecordingConfiguration(out.props, out);
  return out;
}

}  // namespace athanor::schema
