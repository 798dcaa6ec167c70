#include "runner.h"

#include <cstdlib>
#include <fstream>

namespace athanor::test {

program::JavaScript& javascript() {
  static program::JavaScript engine;
  return engine;
}

const schema::Catalogue& catalogue() {
  static const schema::Catalogue all;
  return all;
}

Runner::Runner() {
  auto name = (std::filesystem::temp_directory_path() / "athanor-program-XXXXXX").string();
  folder_ = std::filesystem::canonical(mkdtemp(name.data()));
}

Runner::~Runner() { std::filesystem::remove_all(folder_); }

void Runner::write(const std::string& name, const std::string& text) {
  const auto file = folder_ / name;
  std::filesystem::create_directories(file.parent_path());
  std::ofstream(file) << text;
}

std::optional<Error> Runner::runFile(FakeHost& host, const std::filesystem::path& file) {
  const auto program = program::typescriptProgram(javascript(), file, catalogue(), loop, options);
  try {
    runTask(loop, program->run(host));
    return {};
  } catch (const Error& error) {
    return error;
  }
}

std::optional<Error> Runner::run(FakeHost& host, const std::string& text) {
  write("main.ts", text);
  return runFile(host, folder_ / "main.ts");
}

std::vector<std::string> Runner::printed(const std::string& text) {
  FakeHost host;
  const auto error = run(host, text);
  if (error) host.printed.push_back(std::string("error: ") + error->what());
  return host.printed;
}

}  // namespace athanor::test
