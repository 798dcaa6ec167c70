#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner.h"

namespace athanor::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::StartsWith;
using Lines = std::vector<std::string>;

class Failures : public testing::Test {
 protected:
  /// Runs the program, which must fail.
  Error fails(const std::string& text) {
    auto error = runner.run(host, text);
    if (!error) throw std::logic_error("the program did not fail");
    return *error;
  }
  std::string at(int line, int column) const {
    return runner.path("main.ts") + ":" + std::to_string(line) + ":" + std::to_string(column);
  }
  Runner runner;
  FakeHost host;
};

Task<engine::Outputs> denied(Declaration declaration) {
  throw Error(ErrorCode::provider, "AccessDenied: not yours")
      .of(declaration.id)
      .at(declaration.source)
      .next("Ask for the right.");
  co_return engine::Outputs{};
}

TEST_F(Failures, ShowTheLineAndTheAsyncFramesUpToTheProgramsAwait) {
  runner.write("other.ts",
               "export async function boom(n: number): Promise<void> {\n  await null;\n  throw new "
               "RangeError(`no ${n}`);\n}");
  const auto error = fails(
      "import { boom } from './other';\nasync function go(): Promise<void> {\n  await boom(1);\n}\n\nawait "
      "go();");
  EXPECT_EQ(error.code(), ErrorCode::program);
  EXPECT_STREQ(error.what(), "RangeError: no 1");
  EXPECT_EQ(toString(error.place()), runner.path("other.ts") + ":3:9");
  EXPECT_EQ(error.detail(), "3 |   throw new RangeError(`no ${n}`);\n  |         ^\n    at boom (" +
                                runner.path("other.ts") + ":3:9)\n    at async go (" + at(3, 9) +
                                ")\n    at " + at(6, 7));
}

TEST_F(Failures, OfSyntaxNameTheFile) {
  const auto typescript = fails("const a: number = 1;\nlet b: = 2;");
  EXPECT_EQ(typescript.place().line, 2);
  EXPECT_THAT(typescript.what(), StartsWith("SyntaxError: "));
  const auto javascript = fails("const a: number = 1;\nconst a: string = '';");
  EXPECT_EQ(toString(javascript.place()), at(2, 7));
  EXPECT_THAT(javascript.detail(), HasSubstr("2 | const a: string = '';\n  |       ^"));
}

TEST_F(Failures, SayWhatToWriteInsteadOfWhatCannotBeErased) {
  EXPECT_THAT(fails("\nenum Color { Red }").hint(), HasSubstr("const Color = { … } as const"));
  EXPECT_EQ(fails("\n  enum Color { Red }").place().line, 2);
  EXPECT_THAT(fails("namespace A { export const b = 1; }").hint(), HasSubstr("a file of their own"));
  EXPECT_THAT(fails("class A { constructor(private b: string) {} }").hint(), HasSubstr("this.name = name"));
  EXPECT_THAT(fails("import a = require('a');").hint(), HasSubstr("import name from"));
  EXPECT_THAT(fails("function d(x: any) {}\n@d class A {}").what(), HasSubstr("decorators"));
}

TEST_F(Failures, OfTypesThatCannotBeErasedWithCertaintyAreSaid) {
  EXPECT_THAT(fails("class A {\n  a = 1 as any\n  ['b'] = 1\n}").hint(), HasSubstr("`;`"));
  EXPECT_THAT(fails("const a: any = 1;\nconst b = a as any\n(a)").hint(), HasSubstr("`;`"));
  EXPECT_THAT(fails("const f: any = 1;\nf<string>`x`;").what(), HasSubstr("tagged template"));
  EXPECT_THAT(fails("const x: any = 1;\nconst y = <\n  string\n>x;").hint(), HasSubstr("`value as Type`"));
  EXPECT_THAT(fails(std::string(5000, '(') + "1" + std::string(5000, ')')).what(),
              HasSubstr("nested too deeply"));
}

TEST_F(Failures, FromTheHostKeepWhatTheyAreAndGainTheProgramsFrames) {
  host.answer = denied;
  const auto error = fails(
      "async function make() {\n  return await AWS.S3.Bucket('b', { bucketName: 'x' });\n}\n"
      "async function outer() {\n  await null;\n  await make();\n}\nawait outer();");
  EXPECT_EQ(error.code(), ErrorCode::provider);
  EXPECT_STREQ(error.what(), "AccessDenied: not yours");
  EXPECT_EQ(error.hint(), "Ask for the right.");
  EXPECT_EQ(error.resource(), "b");
  EXPECT_EQ(toString(error.place()), at(2, 23));
  EXPECT_THAT(error.detail(), HasSubstr("    at make (" + at(2, 23) + ")\n    at outer (" + at(6, 9) +
                                        ")\n    at async " + at(8, 7)));
}

TEST_F(Failures, FromTheHostCanBeCaught) {
  host.answer = denied;
  EXPECT_FALSE(runner.run(host,
                          "try { await AWS.S3.Bucket('b', {}); } catch (e) { console.log(e.code, e.resource, "
                          "e.message, e instanceof Error, e.stack.includes('main.ts:1:20')); }"));
  EXPECT_EQ(host.printed, Lines{"provider b AccessDenied: not yours. Ask for the right. true true"});
}

TEST_F(Failures, ShowTheirCauses) {
  const auto error =
      fails("try {\n  (null as any).x;\n} catch (cause) {\n  throw new Error('outer', { cause });\n}");
  EXPECT_STREQ(error.what(), "outer");
  EXPECT_THAT(error.detail(), HasSubstr("caused by TypeError: null has no properties\n    at " + at(2, 4)));
}

TEST_F(Failures, OfPromisesThatNobodyHandlesAreErrors) {
  const auto error =
      fails("Promise.reject(new Error('nobody'));\nawait new Promise((done) => setTimeout(done, 10));");
  EXPECT_STREQ(error.what(), "nobody");
  EXPECT_THAT(error.hint(), HasSubstr("`await` the promise"));
  EXPECT_FALSE(runner.run(host, "const late = Promise.reject(1);\nlate.catch(() => {});"));
}

TEST_F(Failures, InTimersAndMicrotasksEndTheRun) {
  EXPECT_STREQ(
      fails("setTimeout(() => { throw new Error('in a timer'); }, 5);\nawait new Promise(() => {});").what(),
      "in a timer");
  EXPECT_STREQ(fails("queueMicrotask(() => { throw new Error('in a microtask'); });").what(),
               "in a microtask");
}

TEST_F(Failures, OfWhatIsNoErrorAreShown) {
  EXPECT_STREQ(fails("throw 'text';").what(), "the program threw \"text\", which is no Error");
  EXPECT_STREQ(fails("throw undefined;").what(), "the program threw undefined, which is no Error");
}

TEST_F(Failures, NameTheAwaitThatNeverSettles) {
  const auto error = fails("console.log(1);\nawait null;\n  await new Promise(() => {});\nawait null;");
  EXPECT_THAT(error.what(), HasSubstr("never settles"));
  EXPECT_EQ(toString(error.place()), at(3, 3));
  EXPECT_THAT(error.detail(), HasSubstr("3 |   await new Promise(() => {});\n  |   ^"));
  const auto nested = fails(
      "async function wait() {\n  await new Promise(() => {});\n}\nfor (const x of [1]) {\n  await "
      "wait();\n}");
  EXPECT_EQ(toString(nested.place()), at(5, 3));
}

TEST_F(Failures, NameWhereAnEndlessLoopRuns) {
  runner.options.uninterrupted = std::chrono::milliseconds(200);
  const auto error = fails(
      "function spin(n: number): void {\n  while (true) {\n    n++;\n  }\n}\nawait null;\ntry { spin(1); } "
      "finally { console.log('finally'); }");
  EXPECT_THAT(error.what(), HasSubstr("ran for 0.2 s without a pause"));
  EXPECT_THAT(error.detail(), HasSubstr("at spin (" + runner.path("main.ts")));
  EXPECT_THAT(error.detail(), HasSubstr(at(7, 11)));
  EXPECT_THAT(host.printed, ElementsAre());
}

TEST_F(Failures, OfAnEndlessChainOfPromisesEndToo) {
  runner.options.uninterrupted = std::chrono::milliseconds(200);
  EXPECT_THAT(fails("for (;;) await null;").what(), HasSubstr("ran for 0.2 s"));
}

TEST_F(Failures, OfTooMuchRecursionAreErrorsLikeOthers) {
  EXPECT_THAT(fails("function f(): number {\n  return 1 + f();\n}\nf();").what(),
              HasSubstr("too much recursion"));
  EXPECT_EQ(runner.printed("const f = (): any => f();\ntry { f(); } catch (e) { console.log(e.message); }"),
            Lines{"too much recursion"});
}

TEST_F(Failures, LeaveTheEngineFitForTheNextRun) {
  for (const char* text :
       {"throw 1;", "await new Promise(() => {});", "process.exit(1);", "const f = (): any => f(); f();"})
    EXPECT_TRUE(runner.run(host, text)) << text;
  EXPECT_EQ(runner.printed("console.log('fine');"), Lines{"fine"});
}

}  // namespace
}  // namespace athanor::test
