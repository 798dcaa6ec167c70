#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "runner.h"

namespace athanor::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using Lines = std::vector<std::string>;

TEST(Modules, ImportTypeScriptUnderEveryName) {
  Runner runner;
  runner.write("a.ts", "export const a: number = 1;");
  runner.write("b.mjs", "export const b = 2;");
  runner.write("c.mts", "export const c: number = 3;");
  runner.write("folder/index.ts",
               "import { a } from '../a.js'; export const d: number = a + 3; export type T = 1;");
  runner.write("e.json", R"({"e": 5})");
  EXPECT_EQ(
      runner.printed(
          "import { a } from './a';\nimport { a as again } from './a.js';\nimport { b } from './b.mjs';\n"
          "import { c } from './c.mjs';\nimport { d, type T } from './folder';\nimport e from './e.json';\n"
          "const t: T = 1;\nconsole.log(a, again, b, c, d, e.e, t);"),
      Lines{"1 1 2 3 4 5 1"});
}

TEST(Modules, ImportDynamicallyAndKnowThemselves) {
  Runner runner;
  runner.write("a.ts", "export const a: number = await Promise.resolve(1);");
  EXPECT_EQ(runner.printed("const name = './a';\nconst { a } = await import(name);\n"
                           "console.log(a, import.meta.filename === new URL(import.meta.url).pathname, "
                           "import.meta.filename.startsWith(import.meta.dirname));"),
            Lines{"1 true true"});
  EXPECT_EQ(runner.printed("await import('./none').catch((e) => console.log(e.message.split('.')[0]));"),
            Lines{"Cannot find module '"});
}

TEST(Modules, AreSharedWithinAPassAndFreshInTheNext) {
  Runner runner;
  runner.write("count.ts", "export const counter = { n: 0 };");
  const std::string text =
      "import { counter } from './count';\nimport { counter as same } from './count.ts';\ncounter.n++;\n"
      "const g = globalThis as any;\ng.seen ||= 0;\nconsole.log(++g.seen, same.n);";
  EXPECT_EQ(runner.printed(text), Lines{"1 1"});
  EXPECT_EQ(runner.printed(text), Lines{"1 1"});
}

TEST(Modules, NameTheImportThatFails) {
  Runner runner;
  FakeHost host;
  const auto missing = runner.run(host, "\nimport { x } from './none';\nx;");
  ASSERT_TRUE(missing);
  EXPECT_EQ(toString(missing->place()), runner.path("main.ts") + ":2:19");
  EXPECT_THAT(missing->what(), HasSubstr("Cannot find module './none'"));
  const auto package = runner.run(host, "import fs from 'node:fs';\nfs.x;");
  ASSERT_TRUE(package);
  EXPECT_THAT(package->hint(), HasSubstr("packages from npm and Node's own modules are not available"));
  runner.write("a.ts", "export const a = 1;");
  const auto name = runner.run(host, "import { b } from './a';\nb;");
  ASSERT_TRUE(name);
  EXPECT_EQ(toString(name->place()), runner.path("main.ts") + ":1:10");
}

TEST(Surroundings, AreThoseOfTheOptions) {
  Runner runner;
  runner.options.environment = {{"COLOR", "red"}};
  runner.options.arguments = {"--fast"};
  runner.options.directory = "/somewhere";
  EXPECT_EQ(runner.printed(
                "console.log(process.env.COLOR, process.env.NONE, process.argv.slice(2), process.cwd());"),
            Lines{"red undefined [ '--fast' ] /somewhere"});
}

TEST(Surroundings, EndTheRunWithProcessExit) {
  Runner runner;
  FakeHost host;
  EXPECT_FALSE(runner.run(
      host, "try { process.exit(0); } catch { console.log('caught'); } finally { console.log('finally'); }"));
  EXPECT_THAT(host.printed, ElementsAre());
  const auto error =
      runner.run(host, "function stop(): never { process.exit(3); }\nsetTimeout(() => {}, 1e6);\nstop();");
  ASSERT_TRUE(error);
  EXPECT_THAT(error->what(), HasSubstr("process.exit(3)"));
  EXPECT_EQ(error->place().line, 1);
  EXPECT_TRUE(runner.run(host, "process.exitCode = 2;"));
}

TEST(Surroundings, GiveTheSameTimeAndRandomNumbersInBothPasses) {
  const std::string text =
      "console.log(new Date().toISOString(), Math.random(), crypto.randomUUID(), crypto.getRandomValues(new "
      "Uint32Array(2)));\n"
      "await new Promise((done) => setTimeout(done, 2500));\nconsole.log(Date.now() - 1700000000000, "
      "Math.random());";
  Runner runner;
  const auto first = runner.printed(text);
  EXPECT_EQ(first, runner.printed(text));
  EXPECT_THAT(first.at(0), testing::StartsWith("2023-11-14T22:13:20.000Z 0."));
  EXPECT_THAT(first.at(1), testing::StartsWith("2500 0."));
}

TEST(Surroundings, LetALoopWaitForTimeToPass) {
  Runner runner;
  EXPECT_EQ(runner.printed("const end = Date.now() + 20;\nwhile (Date.now() < end);\nconsole.log('over');"),
            Lines{"over"});
}

TEST(Timers, RunInTheOrderOfTheirMomentsAndMicrotasksBefore) {
  Runner runner;
  EXPECT_EQ(runner.printed("setTimeout((a, b) => console.log('late', a, b), 20, 1, 2);\nsetImmediate(() => "
                           "console.log('immediate'));\n"
                           "const never = setTimeout(() => console.log('never'), 1);\nclearTimeout(never);\n"
                           "let n = 0;\nconst every = setInterval(() => { console.log('tick'); if (++n === "
                           "2) clearInterval(every); }, 5);\n"
                           "queueMicrotask(() => console.log('micro'));\nprocess.nextTick(() => "
                           "console.log('next'));\nconsole.log('now');"),
            (Lines{"now", "micro", "next", "immediate", "tick", "tick", "late 1 2"}));
}

TEST(Timers, AreWaitedForAfterTheModuleHasEnded) {
  Runner runner;
  EXPECT_EQ(runner.printed("setTimeout(async () => { await null; console.log('done'); }, 3600_000);"),
            Lines{"done"});
  EXPECT_EQ(runner.loop.elapsed(), std::chrono::hours(1));
}

TEST(Globals, CloneEncodeAndParse) {
  Runner runner;
  EXPECT_EQ(
      runner.printed(
          "const a = { d: new Date(0), m: new Map([[1, { x: [1n] }]]) };\nconst b = structuredClone(a);\n"
          "console.log(b, b.m !== a.m);\ntry { structuredClone(() => 1); } catch (e) { console.log(e "
          "instanceof Error); }"),
      (Lines{"{ d: 1970-01-01T00:00:00.000Z, m: Map(1) { 1 => { x: [Array] } } } true", "true"}));
  EXPECT_EQ(
      runner.printed(
          "const bytes = new TextEncoder().encode('aé€😀\\ud800');\nconsole.log(bytes.length, new "
          "TextDecoder().decode(bytes));\n"
          "console.log(new TextDecoder().decode(Uint8Array.of(0xef, 0xbb, 0xbf, 0x61, 0xe2, 0x82, 0x62)));\n"
          "try { new TextDecoder('utf-8', { fatal: true }).decode(Uint8Array.of(0xff)); } catch (e) { "
          "console.log(e.name); }\n"
          "const d = new TextDecoder();\nconsole.log(d.decode(Uint8Array.of(0xe2, 0x82), { stream: true }) + "
          "d.decode(Uint8Array.of(0xac)));\n"
          "console.log(btoa('hello'), atob('aGVsbG8='));"),
      (Lines{"13 aé€😀\uFFFD", "a\uFFFDb", "TypeError", "€", "aGVsbG8= hello"}));
}

TEST(Globals, ParseUrlsAsBrowsersDo) {
  Runner runner;
  const auto url = [&](const std::string& arguments) {
    return runner
        .printed("try { console.log(new URL(" + arguments + ").href); } catch (e) { console.log(e.code); }")
        .at(0);
  };
  EXPECT_EQ(url("'HTTPS://User:p%40w@EXAMPLE.com:443/a/./b/../c d?q=\\'1\\'#h h'"),
            "https://User:p%40w@example.com/a/c%20d?q=%271%27#h%20h");
  EXPECT_EQ(url("'../x?y', 'http://a.b/c/d/e?f#g'"), "http://a.b/c/x?y");
  EXPECT_EQ(url("'?y', 'http://a.b/c/d/e?f#g'"), "http://a.b/c/d/e?y");
  EXPECT_EQ(url("'#y', 'http://a.b/c?f#g'"), "http://a.b/c?f#y");
  EXPECT_EQ(url("'//h/p', 'https://a.b/c'"), "https://h/p");
  EXPECT_EQ(url("'http:\\\\\\\\a\\\\b'"), "http://a/b");
  EXPECT_EQ(url("'http://0x7f.1/'"), "http://127.0.0.1/");
  EXPECT_EQ(url("'http://[1:0::0:2]:8080'"), "http://[1::2]:8080/");
  EXPECT_EQ(url("'http://b\xC3\xBC"
                "cher.example'"),
            "http://xn--bcher-kva.example/");
  EXPECT_EQ(url("'file:///C|/x/../y'"), "file:///C:/y");
  EXPECT_EQ(url("'mailto:a@b?c'"), "mailto:a@b?c");
  for (const char* bad : {"'nope'", "'http://'", "'http://a b'", "'http://1.2.3.256'", "'http://a:99999'",
                          "'/x', 'mailto:a'", "'http://[::1'"})
    EXPECT_EQ(url(bad), "ERR_INVALID_URL") << bad;
  EXPECT_EQ(
      runner.printed("const u = new URL('http://a/?b=1&c=2');\nu.searchParams.append('d', 'e "
                     "f');\nu.searchParams.delete('b');\n"
                     "u.port = '8080'; u.hash = 'x'; u.pathname = 'p q'; u.host = "
                     "'h:1';\nconsole.log(String(u), [...u.searchParams]);\n"
                     "console.log(String(new URLSearchParams({ a: '1', b: 'é' })), new "
                     "URLSearchParams('?a=1&a=2').getAll('a'));"),
      (Lines{"http://h:1/p%20q?c=2&d=e+f#x [ [ 'c', '2' ], [ 'd', 'e f' ] ]", "a=1&b=%C3%A9 [ '1', '2' ]"}));
}

TEST(Console, ShowsValuesAsNodeDoes) {
  Runner runner;
  const auto shown = [&](const std::string& values) {
    return runner.printed("console.log(" + values + ");").at(0);
  };
  EXPECT_EQ(shown("{ a: [1, 'x'], f() {}, g: class A {}, 'h-i': null, j: undefined }"),
            "{ a: [ 1, 'x' ], f: [Function: f], g: [class A], 'h-i': null, j: undefined }");
  EXPECT_EQ(shown("{ b: { c: { d: { e: 1 } } } }"), "{ b: { c: { d: [Object] } } }");
  EXPECT_EQ(shown("{ long: 'x'.repeat(40), other: 'y'.repeat(40) }"),
            "{\n  long: '" + std::string(40, 'x') + "',\n  other: '" + std::string(40, 'y') + "'\n}");
  EXPECT_EQ(shown("'%s is %d', 'x', 42, { y: true }"), "x is 42 { y: true }");
  EXPECT_EQ(shown("(() => { const c: any = {}; c.self = c; return c; })()"),
            "<ref *1> { self: [Circular *1] }");
  EXPECT_EQ(shown("[undefined, , 3], new Set(['s']), Promise.resolve(1)"),
            "[ undefined, <1 empty item>, 3 ] Set(1) { 's' } Promise { 1 }");
  EXPECT_EQ(runner.printed("console.error('bad');"), Lines{"! bad"});
  const std::string table = R"(┌─────────┬───┬─────┐
│ (index) │ a │ b   │
├─────────┼───┼─────┤
│ 0       │ 1 │     │
│ 1       │   │ 'x' │
└─────────┴───┴─────┘)";
  EXPECT_EQ(runner.printed("console.table([{ a: 1 }, { b: 'x' }]);"), Lines{table});
}

TEST(AlchemysModules, ExistUnderBothNames) {
  Runner runner;
  FakeHost host(true);
  EXPECT_FALSE(runner.run(
      host,
      "import alchemy, { previewing } from 'alchemy';\nimport athanor from 'athanor';\nimport A from "
      "'athanor/aws';\n"
      "import B from 'alchemy/aws/control';\nconst app = await alchemy('shop', { stage: 'dev' });\n"
      "console.log(previewing, alchemy === athanor, A === B && B === AWS, app.name, app.stage);\n"
      "try { (app as any).run(); } catch (e) { console.log(e.message); }\nawait app.finalize();"));
  EXPECT_EQ(host.printed, (Lines{"true true true shop dev", "app.run does not exist in Athanor"}));
}

}  // namespace
}  // namespace athanor::test
