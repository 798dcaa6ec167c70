#include "state/folder.h"

#include <fcntl.h>
#include <sys/stat.h>

#include <cerrno>

#include "state/files.h"

namespace athanor::state {

namespace fs = std::filesystem;

namespace {

constexpr auto folderName = ".athanor";

bool marksAProject(const fs::path& folder) {
  std::error_code ignored;
  return fs::is_directory(folder / folderName, ignored) || fs::exists(folder / "package.json", ignored) ||
         fs::exists(folder / ".git", ignored);
}

/// True where it was not there before.
bool makeWithParents(const fs::path& folder) {
  std::error_code ignored;
  if (fs::is_directory(folder, ignored)) return false;
  if (const auto above = folder.parent_path(); above != folder && !above.empty()) makeWithParents(above);
  if (::mkdir(folder.c_str(), 0700) == 0) return true;
  const int failure = errno;
  if (failure == EEXIST && fs::is_directory(folder, ignored)) return false;  // another process was faster
  throw fileError("create the folder", folder, failure);
}

void ignoreInVersionControl(const fs::path& folder) {
  const auto file = folder / ".gitignore";
  const Descriptor handle(::open(file.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600));
  if (handle.open())
    writeAll(handle, "*\n", file);
  else if (errno != EEXIST)
    throw fileError("create", file, errno);
}

}  // namespace

fs::path folderOf(const fs::path& program) {
  const auto beside = program.lexically_normal().parent_path();
  for (auto folder = beside;; folder = folder.parent_path()) {
    if (marksAProject(folder)) return folder / folderName;
    if (folder == folder.parent_path()) return beside / folderName;
  }
}

void makeFolder(const fs::path& folder) {
  if (makeWithParents(folder) || folder.filename() == folderName) ignoreInVersionControl(folder);
}

}  // namespace athanor::state
