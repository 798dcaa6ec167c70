#include "base/error.h"

namespace athanor {

const char* name(ErrorCode code) {
  switch (code) {
    case ErrorCode::usage:
      return "usage";
    case ErrorCode::program:
      return "program";
    case ErrorCode::validation:
      return "validation";
    case ErrorCode::conflict:
      return "conflict";
    case ErrorCode::refused:
      return "refused";
    case ErrorCode::credentials:
      return "credentials";
    case ErrorCode::unreachable:
      return "unreachable";
    case ErrorCode::throttled:
      return "throttled";
    case ErrorCode::notFound:
      return "notFound";
    case ErrorCode::provider:
      return "provider";
    case ErrorCode::interrupted:
      return "interrupted";
    case ErrorCode::state:
      return "state";
    case ErrorCode::internal:
      return "internal";
  }
  return "internal";
}

std::string toString(const SourcePlace& place) {
  if (!place.known()) return "";
  std::string text = place.file;
  if (place.line > 0) text += ":" + std::to_string(place.line);
  if (place.line > 0 && place.column > 0) text += ":" + std::to_string(place.column);
  return text;
}

}  // namespace athanor
