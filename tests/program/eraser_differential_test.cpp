// The eraser against esbuild: on every TypeScript file at hand both give the same JavaScript, or the eraser
// refuses the file. It never differs silently. ATHANOR_TS_CORPUS may name one more folder of .ts files.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <set>
#include <vector>

#include "program/typescript/eraser.h"

namespace athanor::program {
namespace {

namespace fs = std::filesystem;

std::string read(const fs::path& file) {
  std::ifstream in(file, std::ios::binary);
  return {std::istreambuf_iterator<char>(in), {}};
}

void write(const fs::path& file, const std::string& text) {
  fs::create_directories(file.parent_path());
  std::ofstream(file, std::ios::binary) << text;
}

std::vector<fs::path> corpus() {
  const fs::path root = ATHANOR_SOURCE_DIR;
  std::vector<fs::path> folders = {root / "tests/program/eraser", root / "examples", root / "node_modules"};
  if (const char* more = std::getenv("ATHANOR_TS_CORPUS")) folders.emplace_back(more);
  std::vector<fs::path> out;
  for (const auto& folder : folders)
    for (const auto& entry : fs::recursive_directory_iterator(folder))
      if (entry.is_regular_file() && entry.path().extension() == ".ts" &&
          !entry.path().stem().string().ends_with(".d"))  // declarations are no programs
        out.push_back(entry.path());
  std::ranges::sort(out);
  return out;
}

/// Minifies every file of a folder into another; gives what esbuild said where it failed.
std::string minify(const fs::path& from, const fs::path& to) {
  const auto log = to.string() + ".log";
  const auto command = fmt::format(
      "cd '{}' && '{}/node_modules/.bin/esbuild' './*.*' --outdir='{}' --minify-whitespace --minify-syntax "
      "--target=esnext --charset=utf8 --log-limit=0 --log-level=error > '{}' 2>&1",
      from.string(), ATHANOR_SOURCE_DIR, to.string(), log);
  return std::system(command.c_str()) == 0 ? "" : read(log);
}

TEST(EraserAgainstEsbuild, GivesTheSameJavaScriptOrRefuses) {
  if (!fs::exists(fs::path(ATHANOR_SOURCE_DIR) / "node_modules/.bin/esbuild"))
    GTEST_SKIP() << "no esbuild here";
  auto name = (fs::temp_directory_path() / "athanor-eraser-XXXXXX").string();
  const fs::path folder = mkdtemp(name.data());
  const auto files = corpus();
  std::set<std::string> refused;
  for (std::size_t i = 0; i < files.size(); ++i) {
    const auto source = read(files[i]);
    try {
      const auto erased = eraseTypes(source, files[i].string());
      ASSERT_EQ(std::ranges::count(erased, '\n'), std::ranges::count(source, '\n')) << files[i];
      ASSERT_EQ(erased.size(), source.size()) << files[i];
      write(folder / "source" / fmt::format("{}.ts", i), source);
      write(folder / "erased" / fmt::format("{}.js", i), erased);
    } catch (const Error& error) {
      refused.insert(files[i].string());
      EXPECT_GT(error.place().line, 0) << files[i];
      std::cout << "refused: " << toString(error.place()) << ": " << error.what() << "\n";
    }
  }
  ASSERT_EQ(minify(folder / "source", folder / "want"), "");
  ASSERT_EQ(minify(folder / "erased", folder / "have"), "");
  int same = 0;
  for (std::size_t i = 0; i < files.size(); ++i) {
    if (refused.contains(files[i].string())) continue;
    const auto want = read(folder / "want" / fmt::format("{}.js", i));
    const auto have = read(folder / "have" / fmt::format("{}.js", i));
    EXPECT_EQ(have, want) << files[i];
    same += have == want;
  }
  std::cout << fmt::format("{} files: {} the same, {} refused\n", files.size(), same, refused.size());
  EXPECT_EQ(std::ranges::count_if(refused, [](const auto& file) { return file.contains("program/eraser"); }),
            0)
      << "the fixtures hold only what can be erased";
  fs::remove_all(folder);
}

}  // namespace
}  // namespace athanor::program
