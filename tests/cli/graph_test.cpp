#include "cli/graph.h"

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <graphviz/cgraph.h>
#include <rapidcheck/gtest.h>

#include <regex>

#include "base/error.h"
#include "cli/svg.h"
#include "golden.h"

namespace athanor::cli {
namespace {

using plan::Action;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using Edges = std::vector<std::pair<std::string, std::string>>;

plan::Step step(const std::string& id, Action action, std::vector<std::string> dependsOn = {}) {
  return {.id = id, .type = "AWS::SQS::Queue", .action = action, .dependsOn = std::move(dependsOn)};
}

plan::Plan everything() {
  plan::Plan plan;
  plan.app = "shop";
  plan.stage = "dev";
  auto first = step("made first", Action::replace, {"kept"}), second = step("deleted first", Action::replace);
  second.order = plan::Order::deleteFirst;
  plan.steps = {step("kept", Action::keep),
                step("made", Action::create, {"kept", "changed"}),
                step("changed", Action::update),
                step("taken over", Action::adopt),
                first,
                second,
                step("user", Action::remove),
                step("used", Action::remove, {"user"})};
  return plan;
}

Resource resource(const std::string& id, std::vector<std::string> dependsOn = {},
                  Resource::Status status = Resource::Status::created) {
  Resource made;
  made.id = id;
  made.type = "AWS::SQS::Queue";
  made.dependsOn = std::move(dependsOn);
  made.status = status;
  return made;
}

Edges edgesOf(const Graph& graph) {
  Edges all;
  for (const auto& [from, to] : graph.edges) all.emplace_back(graph.nodes[from].name, graph.nodes[to].name);
  return all;
}

/// What Graphviz draws for a label, going by its manual: \n ends a line, \X is X, &amp; is an ampersand.
std::string drawn(std::string_view label) {
  std::string out;
  for (std::size_t i = 0; i < label.size(); ++i) {
    if (label[i] == '\\' && i + 1 < label.size()) {
      ++i;
      out += label[i] == 'n' ? '\n' : label[i];
    } else if (label.substr(i).starts_with("&amp;")) {
      out += '&';
      i += 4;
    } else {
      out += label[i];
    }
  }
  return out;
}

/// Texts of the characters that mean something to Graphviz, and of some that do not.
rc::Gen<std::string> nastyText() {
  return rc::gen::map(
      rc::gen::nonEmpty(rc::gen::container<std::vector<std::string>>(rc::gen::element<std::string>(
          "\"", "\\", "&", ";", "#65;", "amp;", "lt;", "<", ">", "{", "}", "|", "N", "G", "n", "l", "[", "]",
          "=", "->", "--", ":", "/*", "//", "%", "node", "é", "視", "a", "0", ".", "-"))),
      [](const std::vector<std::string>& parts) {
        std::string all;
        for (const auto& part : parts) all += part;
        return all;
      });
}

Graph anyGraph() {
  std::vector<Resource> resources;
  const auto ids = *rc::gen::container<std::vector<std::string>>(nastyText());
  for (const auto& id : ids) {
    std::vector<std::string> dependsOn;
    if (*rc::gen::arbitrary<bool>()) dependsOn.push_back(*rc::gen::elementOf(ids));
    resources.push_back(resource(id, std::move(dependsOn)));
  }
  return graphOf(resources, *nastyText());
}

/// The lines of text in an SVG document.
std::vector<std::string> textsIn(const std::string& svg) {
  static const std::pair<const char*, const char*> entities[] = {
      {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&#39;", "'"}, {"&#45;", "-"}, {"&amp;", "&"}};
  static const std::regex element("<text[^>]*>([^<]*)</text>");
  std::vector<std::string> all;
  for (std::sregex_iterator one(svg.begin(), svg.end(), element), end; one != end; ++one) {
    auto text = (*one)[1].str();
    for (const auto& [name, character] : entities)
      for (std::size_t at = 0; (at = text.find(name, at)) != std::string::npos; ++at)
        text.replace(at, std::strlen(name), character);
    all.push_back(std::move(text));
  }
  return all;
}

TEST(GraphOfAPlan, ShowsWhatEachStepDoesAndWhatComesBeforeIt) {
  test::expectGolden("plan.dot", dotText(graphOf(everything())));
}

TEST(GraphOfAPlan, ConnectsADeletionWithDeletionsAlsoWhereTheIdIsDeclaredAnew) {
  plan::Plan plan;
  plan.steps = {step("a", Action::create), step("b", Action::create, {"a"}), step("b", Action::remove),
                step("a", Action::remove, {"b"})};
  EXPECT_THAT(edgesOf(graphOf(plan)), ElementsAre(std::pair("b", "a"), std::pair("a'", "b'")));
}

TEST(GraphOfAState, ConnectsResourcesWithWhatTheyDependOn) {
  const auto graph =
      graphOf({resource("channel", {"recording", "forgotten"}), resource("recording")}, "shop dev");
  EXPECT_THAT(edgesOf(graph), ElementsAre(std::pair("channel", "recording")));
  EXPECT_EQ(graph.title, "shop dev");
}

TEST(GraphOfAState, ShowsBothGenerationsOfAnInterruptedReplacementAndMeansTheNewOne) {
  using enum Resource::Status;
  const auto graph =
      graphOf({resource("a", {}, leaving), resource("user", {"a"}), resource("a")}, "shop dev");
  EXPECT_THAT(edgesOf(graph), ElementsAre(std::pair("user", "a'")));
  EXPECT_THAT(graph.nodes[0].lines, ElementsAre("a", "AWS::SQS::Queue", "leaving"));
  EXPECT_EQ(graph.nodes[0].look, Graph::Look::remove);
}

TEST(GraphOfAState, MarksWhatIsTainted) {
  const auto graph = graphOf({resource("a", {}, Resource::Status::tainted)}, "shop dev");
  EXPECT_EQ(graph.nodes[0].look, Graph::Look::broken);
  EXPECT_THAT(graph.nodes[0].lines, ElementsAre("a", "AWS::SQS::Queue", "tainted"));
}

TEST(Graph, ShowsNoControlCharactersOfIds) {
  EXPECT_THAT(dotText(graphOf({resource("a\x1b[2Jb")}, "shop dev")), Not(HasSubstr("\x1b")));
}

RC_GTEST_PROP(DotText, IsReadByGraphvizAsWhatItWasWrittenFrom, ()) {
  const auto graph = anyGraph();
  const std::unique_ptr<Agraph_t, decltype(&agclose)> read(agmemread(dotText(graph).c_str()), agclose);
  RC_ASSERT(read != nullptr);
  RC_ASSERT(drawn(agnameof(read.get())) == graph.title);
  Edges edges;
  std::size_t at = 0;
  for (auto* node = agfstnode(read.get()); node; node = agnxtnode(read.get(), node), ++at) {
    RC_ASSERT(at < graph.nodes.size());
    RC_ASSERT(drawn(agnameof(node)) == graph.nodes[at].name);
    const std::string attribute = "label";
    RC_ASSERT(drawn(agget(node, const_cast<char*>(attribute.c_str()))) ==
              fmt::format("{}", fmt::join(graph.nodes[at].lines, "\n")));
    for (auto* edge = agfstout(read.get(), node); edge; edge = agnxtout(read.get(), edge))
      edges.emplace_back(drawn(agnameof(agtail(edge))), drawn(agnameof(aghead(edge))));
  }
  RC_ASSERT(at == graph.nodes.size());
  auto written = edgesOf(graph);
  std::ranges::sort(edges);
  std::ranges::sort(written);
  RC_ASSERT(edges == written);
}

RC_GTEST_PROP(Svg, ShowsEveryTextAsItIs, ()) {
  const auto graph = anyGraph();
  std::vector<std::string> written;
  for (const auto& node : graph.nodes) written.insert(written.end(), node.lines.begin(), node.lines.end());
  auto shown = textsIn(svgOf(dotText(graph), moduleFolder()));
  std::ranges::sort(shown);
  std::ranges::sort(written);
  RC_ASSERT(shown == written);
}

TEST(Svg, DrawsColoursAndMarks) {
  const auto svg = svgOf(dotText(graphOf(everything())), moduleFolder());
  EXPECT_THAT(svg, HasSubstr("<svg "));
  EXPECT_THAT(svg, HasSubstr("#d9f5de"));
  EXPECT_THAT(svg, HasSubstr("stroke-dasharray"));
  EXPECT_THAT(svg, HasSubstr("</svg>"));
}

TEST(Svg, SaysWhatToDoWhereTheModuleIsMissing) {
  try {
    (void)svgOf("digraph {}", "/nowhere");
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("/nowhere/athanor-svg.so"));
    EXPECT_THAT(error.hint(), HasSubstr("libgvc6"));
  }
}

TEST(Svg, SaysWhyWhatIsNoGraphCannotBeDrawn) {
  try {
    (void)svgOf("digraph {", moduleFolder());
    FAIL() << "nothing was thrown";
  } catch (const Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("syntax error"));
  }
}

}  // namespace
}  // namespace athanor::cli
