#pragma once

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <iterator>
#include <string>

namespace athanor::test {

/// Compares `text` with tests/cli/golden/`name`; with ATHANOR_UPDATE_GOLDEN=1 writes it there instead.
inline void expectGolden(const std::string& name, const std::string& text) {
  const auto path = std::string(ATHANOR_SOURCE_DIR) + "/tests/cli/golden/" + name;
  if (std::getenv("ATHANOR_UPDATE_GOLDEN")) {
    std::ofstream(path, std::ios::binary) << text;
    return;
  }
  std::ifstream file(path, std::ios::binary);
  ASSERT_TRUE(file) << path << " is missing; ATHANOR_UPDATE_GOLDEN=1 writes it";
  EXPECT_EQ(text, std::string(std::istreambuf_iterator<char>(file), {})) << "golden file " << path;
}

}  // namespace athanor::test
