#include "fake_host.h"

#include "base/reference.h"

namespace athanor::test {

Task<engine::Outputs> FakeHost::declare(Declaration declaration) {
  declared.push_back(declaration);
  if (answer) co_return co_await answer(declaration);
  engine::Outputs outputs{.type = declaration.type, .id = declaration.id, .identifier = {}, .values = {}};
  outputs.values = declaration.props;
  outputs.open = preview_;
  if (!preview_) {
    outputs.identifier = "arn:test:" + declaration.id;
    outputs.values["Arn"] = outputs.identifier;
  }
  co_return outputs;
}

Task<engine::Outputs> FakeHost::get(std::string type, std::string identifier, Options options,
                                    SourcePlace /*source*/) {
  got.push_back({type, identifier, std::move(options)});
  co_return engine::Outputs{
      .type = type, .id = "", .identifier = identifier, .values = {{"Arn", identifier}, {"Name", "read"}}};
}

Task<Target> FakeHost::target() {
  ++targetsAsked;
  co_return Target{.partition = "aws", .account = "123456789012", .region = "eu-west-1", .endpoint = ""};
}

void FakeHost::mistake(Error mistake) {
  if (!preview_) throw Error(std::move(mistake));
  mistakes.push_back(std::move(mistake));
}

void FakeHost::needed(const std::string& reference, SourcePlace source) {
  needs.push_back(reference + " @ " + toString(source));
}

void FakeHost::print(bool error, const std::string& text) { printed.push_back(error ? "! " + text : text); }

}  // namespace athanor::test
