#include "gate/cli/policy_source.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/fake_files.h"
#include "tests/support/fake_process.h"

namespace gate::cli {
namespace {

using ::testing::HasSubstr;

const std::string kBase(40, 'b');

ports::Outcome said(std::string output) {
  ports::Outcome outcome;
  outcome.output = std::move(output);
  return outcome;
}

ports::Outcome refused() {
  ports::Outcome outcome;
  outcome.exit_code = 128;
  outcome.diagnostics = "fatal: bad revision\n";
  return outcome;
}

std::string verify(const std::string& ref) {
  return "git --no-replace-objects rev-parse --verify --quiet --end-of-options " + ref + "^{commit}";
}

std::string show(const std::string& path) {
  return "git --no-replace-objects show --no-textconv " + kBase + ":./" + path;
}

std::string list(const std::string& path) {
  return "git --no-replace-objects ls-tree --name-only " + kBase + " -- " + path;
}

TEST(PolicySource, ReadsTheWorkTreeWhereNobodyAsksForMore) {
  const test::FakeFiles files{{"gate.toml", "version = 1\n"}};
  const test::FakeProcess process;
  auto source = PolicySource::choose(std::nullopt, CiFacts{}, files, process);
  ASSERT_TRUE(source);
  EXPECT_EQ(*source->read("gate.toml", 100), "version = 1\n");
  EXPECT_TRUE(process.commands().empty());
}

TEST(PolicySource, ReadsTheBaseOfAChangeAndSaysThatTheChangeEditsIt) {
  const test::FakeFiles files{{"gate.toml", "mode = \"warn\"\n"}};
  test::FakeProcess process;
  process.answer(verify(kBase), said(kBase + "\n"));
  process.answer(show("gate.toml"), said("mode = \"strict\"\n"));
  CiFacts facts;
  facts.base_sha = kBase;
  auto source = PolicySource::choose(std::nullopt, facts, files, process);
  ASSERT_TRUE(source) << source.error().message;
  EXPECT_EQ(*source->read("gate.toml", 100), "mode = \"strict\"\n");
  ASSERT_EQ(source->findings().size(), 1U);
  EXPECT_EQ(source->findings().front().rule, "gate.policy_edited");
}

TEST(PolicySource, DoesNotJudgeAChangeWhoseBaseNobodyNames) {
  const test::FakeFiles files{{"gate.toml", "mode = \"warn\"\n"}};
  const test::FakeProcess process;
  CiFacts facts;
  facts.change_request = true;
  const auto source = PolicySource::choose(std::nullopt, facts, files, process);
  ASSERT_FALSE(source);
  EXPECT_EQ(source.error().code, ErrorCode::unavailable);
  EXPECT_THAT(source.error().message, HasSubstr("--policy-ref"));
}

TEST(PolicySource, UsesTheChangesOwnPolicyOnlyWhereTheBaseHasNone) {
  const test::FakeFiles files{{"gate.toml", "version = 1\n"}};
  test::FakeProcess process;
  process.answer(verify(kBase), said(kBase + "\n"));
  process.answer(show("gate.toml"), refused());
  process.answer(list("gate.toml"), said(""));
  CiFacts facts;
  facts.base_sha = kBase;
  auto from_event = PolicySource::choose(std::nullopt, facts, files, process);
  ASSERT_TRUE(from_event);
  EXPECT_TRUE(from_event->read("gate.toml", 100));
  ASSERT_EQ(from_event->findings().size(), 1U);
  EXPECT_EQ(from_event->findings().front().rule, "gate.policy_new");

  auto named = PolicySource::choose(kBase, CiFacts{}, files, process);
  ASSERT_TRUE(named);
  EXPECT_FALSE(named->read("gate.toml", 100)) << "a revision that was named must have it";
}

TEST(PolicySource, NeverTakesTheChangesOwnForOneThatCannotBeRead) {
  const test::FakeFiles files{{"gate.toml", "version = 1\n"}};
  for (const ports::Outcome& listed : {said("gate.toml\n"), refused()}) {
    test::FakeProcess process;
    process.answer(verify(kBase), said(kBase + "\n"));
    process.answer(show("gate.toml"), refused());
    process.answer(list("gate.toml"), listed);
    CiFacts facts;
    facts.base_sha = kBase;
    auto source = PolicySource::choose(std::nullopt, facts, files, process);
    ASSERT_TRUE(source);
    const auto text = source->read("gate.toml", 100);
    ASSERT_FALSE(text);
    EXPECT_EQ(text.error().code, ErrorCode::unavailable);
    EXPECT_FALSE(source->read_register("gate.toml", 100));
  }
}

TEST(PolicySource, TakesNoRegisterFromTheChangeItself) {
  const test::FakeFiles files{{"exemptions.toml", "version = 1\n"}};
  test::FakeProcess process;
  process.answer(verify(kBase), said(kBase + "\n"));
  process.answer(show("exemptions.toml"), refused());
  process.answer(show("none.toml"), refused());
  process.answer(list("exemptions.toml"), said(""));
  process.answer(list("none.toml"), said(""));
  CiFacts facts;
  facts.base_sha = kBase;
  auto source = PolicySource::choose(std::nullopt, facts, files, process);
  ASSERT_TRUE(source);
  const auto text = source->read_register("exemptions.toml", 100);
  ASSERT_TRUE(text);
  EXPECT_FALSE(text->has_value());
  ASSERT_EQ(source->findings().size(), 1U);
  EXPECT_EQ(source->findings().front().rule, "gate.register_new");
  EXPECT_FALSE(source->read_register("none.toml", 100)) << "a register that is nowhere is an error";

  auto work_tree = PolicySource::choose(std::nullopt, CiFacts{}, files, process);
  ASSERT_TRUE(work_tree);
  EXPECT_EQ(work_tree->read_register("exemptions.toml", 100)->value_or(""), "version = 1\n");
}

TEST(PolicySource, SaysWhatToDoAboutAShallowClone) {
  const test::FakeFiles files;
  test::FakeProcess process;
  process.answer(verify(kBase), refused());
  CiFacts facts;
  facts.base_sha = kBase;
  const auto from_event = PolicySource::choose(std::nullopt, facts, files, process);
  ASSERT_FALSE(from_event);
  EXPECT_EQ(from_event.error().code, ErrorCode::unavailable)
      << "nobody can tell: undecided, never the change's own";
  EXPECT_THAT(from_event.error().message, HasSubstr("git fetch --depth=1 origin " + kBase));

  const auto named = PolicySource::choose(kBase, CiFacts{}, files, process);
  ASSERT_FALSE(named);
  EXPECT_EQ(named.error().code, ErrorCode::usage);
}

TEST(PolicySource, RefusesAFileOverItsLimit) {
  const test::FakeFiles files{{"gate.toml", std::string(101, '#')}};
  const test::FakeProcess process;
  auto source = PolicySource::choose(std::nullopt, CiFacts{}, files, process);
  const auto text = source->read("gate.toml", 100);
  ASSERT_FALSE(text);
  EXPECT_EQ(text.error().code, ErrorCode::malformed);
}

}  // namespace
}  // namespace gate::cli
