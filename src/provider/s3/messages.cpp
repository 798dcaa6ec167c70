#include "provider/s3/messages.h"

#include <fmt/format.h>

#include <algorithm>
#include <pugixml.hpp>

#include "aws/uri.h"
#include "base/json.h"

namespace athanor::provider::s3 {

namespace {

/// S3 may put a failure into an answer of status 200, whose root is then another.
pugi::xml_node parse(pugi::xml_document& document, const std::string& body, const char* root) {
  const auto read = document.load_buffer(body.data(), body.size());
  const auto node = document.child(root);
  if (read && node) return node;
  const auto error = document.child("Error");
  throw Error(ErrorCode::provider, error ? fmt::format("S3 answered {}: {}", error.child_value("Code"),
                                                       error.child_value("Message"))
                                         : fmt::format("the answer of S3 is no {}", root))
      .with(body.substr(0, 200));
}

/// Keys come as in a form: "+" is a space.
std::string decoded(std::string text) {
  std::ranges::replace(text, '+', ' ');
  return aws::percentDecode(text);
}

/// Characters that XML would read as others, or not at all, go as their numbers, as S3 asks for.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text)
    if (c == '&' || c == '<' || c == '>' || static_cast<unsigned char>(c) < 0x20)
      out += fmt::format("&#{};", static_cast<int>(c));
    else
      out += c;
  return out;
}

}  // namespace

VersionPage versionPage(const std::string& body) {
  pugi::xml_document document;
  const auto root = parse(document, body, "ListVersionsResult");
  VersionPage out;
  for (const auto node : root.children())
    if (const std::string_view name = node.name(); name == "Version" || name == "DeleteMarker")
      out.versions.push_back({decoded(node.child_value("Key")), node.child_value("VersionId")});
  out.more = std::string_view(root.child_value("IsTruncated")) == "true";
  out.nextKey = decoded(root.child_value("NextKeyMarker"));
  out.nextId = root.child_value("NextVersionIdMarker");
  if (out.more && out.nextKey.empty())
    throw Error(ErrorCode::provider, "S3 lists more objects, but not where they begin");
  return out;
}

std::string deletion(std::span<const Version> versions) {
  std::string out = R"(<Delete xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Quiet>true</Quiet>)";
  for (const auto& [key, id] : versions)
    out += fmt::format("<Object><Key>{}</Key><VersionId>{}</VersionId></Object>", escaped(key), escaped(id));
  return out + "</Delete>";
}

std::vector<Kept> keptOf(const std::string& body) {
  pugi::xml_document document;
  std::vector<Kept> out;
  for (const auto node : parse(document, body, "DeleteResult").children("Error"))
    out.push_back({{node.child_value("Key"), node.child_value("VersionId")},
                   node.child_value("Code"),
                   node.child_value("Message")});
  return out;
}

aws::HttpResponse asJsonError(const aws::HttpResponse& response) {
  pugi::xml_document document;
  document.load_buffer(response.body.data(), response.body.size());
  const auto error = document.child("Error");
  auto out = response;
  out.headers.emplace_back("x-amzn-requestid", aws::header(response.headers, "x-amz-request-id"));
  if (error)
    out.body = Json{{"__type", error.child_value("Code")}, {"Message", error.child_value("Message")}}.dump(
        -1, ' ', false, Json::error_handler_t::replace);
  return out;
}

}  // namespace athanor::provider::s3
