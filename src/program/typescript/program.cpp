#include "program/typescript/program.h"

#include "program/typescript/pass.h"

namespace athanor::program {

namespace {

class TypescriptProgram final : public engine::Program {
 public:
  TypescriptProgram(JavaScript& javascript, const std::filesystem::path& file,
                    const schema::Catalogue& catalogue, Loop& loop, ProgramOptions options)
      : javascript_(javascript),
        catalogue_(catalogue),
        loop_(loop),
        options_(std::move(options)),
        path_(std::filesystem::absolute(file).lexically_normal().string()) {}

  const std::string& path() const override { return path_; }

  Task<> run(engine::Host& host) override {  // NOLINT(cppcoreguidelines-avoid-reference-coroutine-parameters)
    const Surroundings around{javascript_.impl(), sources_, catalogue_, loop_, options_, path_};
    return Pass::run(Pass::make(around, host));
  }

 private:
  JavaScript& javascript_;
  const schema::Catalogue& catalogue_;
  Loop& loop_;
  ProgramOptions options_;
  std::string path_;
  Sources sources_;
};

}  // namespace

std::unique_ptr<engine::Program> typescriptProgram(JavaScript& javascript, const std::filesystem::path& file,
                                                   const schema::Catalogue& catalogue, Loop& loop,
                                                   ProgramOptions options) {
  return std::make_unique<TypescriptProgram>(javascript, file, catalogue, loop, std::move(options));
}

}  // namespace athanor::program
