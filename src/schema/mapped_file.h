#pragma once

#include <filesystem>
#include <string_view>

namespace athanor::schema {

/// A file's bytes, read by the operating system as they are touched.
class MappedFile {
 public:
  /// Throws Error(state) where the file cannot be read.
  explicit MappedFile(const std::filesystem::path& file);
  ~MappedFile();
  MappedFile(const MappedFile&) = delete;
  MappedFile& operator=(const MappedFile&) = delete;

  std::string_view bytes() const { return {data_, size_}; }

 private:
  const char* data_ = nullptr;
  std::size_t size_ = 0;
};

}  // namespace athanor::schema
