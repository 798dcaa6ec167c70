#include "local/s3/store.h"

#include <fmt/format.h>

#include <cerrno>
#include <system_error>

#include "local/s3/intake.h"

namespace athanor::local::s3 {

namespace {

std::shared_ptr<http::BodyFile> written(std::filesystem::path path, std::string_view bytes) {
  auto out = std::make_shared<http::BodyFile>(std::move(path));
  if (const auto failed = out->append(bytes)) throw std::system_error(failed);
  return out;
}

std::shared_ptr<http::BodyFile> taken(const std::filesystem::path& path,
                                      const std::filesystem::path& source) {
  try {
    return std::make_shared<http::BodyFile>(path, source);
  } catch (const std::system_error& error) {
    if (error.code() != std::errc::cross_device_link && error.code() != std::errc::operation_not_permitted)
      throw;
  }
  auto out = std::make_shared<http::BodyFile>(path);
  append(*out, http::OpenFile(source), 0, std::filesystem::file_size(source));
  return out;
}

}  // namespace

void Store::put(recorder::Object object, Done done) {
  std::shared_ptr<http::BodyFile> file;
  try {
    const auto* path = std::get_if<std::filesystem::path>(&object.content);
    file = path ? taken(service_.freshFile(), *path)
                : written(service_.freshFile(), std::get<std::string>(object.content));
  } catch (const std::exception& error) {
    return done(fmt::format("the object {} cannot be kept: {}", object.key, error.what()));
  }
  service_.deliver({.bucket = std::move(object.destination.bucket),
                    .key = std::move(object.key),
                    .contentType = std::move(object.contentType),
                    .role = std::move(object.destination.roleArn),
                    .file = std::move(file)},
                   std::move(done));
}

}  // namespace athanor::local::s3
