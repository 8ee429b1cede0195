// Runs testdata/manifests/*.test: manifests beside what they must give.
//
//   ==== a sentence that says what the case shows; "(json)" in it makes the input JSON
//   the manifest
//   ---- mistakes          every problem, as base::to_text() writes it; with the name of the error
//                          code where that is not invalid_argument; or:
//   ---- canonical         canonical() of every calendar, queue and job, as YAML, and perhaps:
//   ---- refused           what unsupported_features() answers
//
// Where they differ, the file as it would be right is written to the system's temporary directory.

#include <filesystem>
#include <fstream>
#include <sstream>

#include <doctest/doctest.h>
#include <fmt/core.h>

#include "json/write.h"
#include "model/manifest.h"

namespace mainspring::model {
namespace {

const std::filesystem::path kCorpus = "src/model/testdata/manifests";

struct Case {
  std::string title;
  std::string input;
  std::string expected;  // from the first "---- " line on
};

std::vector<Case> load_cases(const std::filesystem::path& path) {
  std::ifstream file(path);
  std::vector<Case> cases;
  bool in_input = true;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("==== ")) {
      cases.push_back({line.substr(5), {}, {}});
      in_input = true;
      continue;
    }
    REQUIRE(!cases.empty());
    if (line.starts_with("---- ")) in_input = false;
    (in_input ? cases.back().input : cases.back().expected) += line + "\n";
  }
  return cases;
}

void append_problems(std::string& out, std::string_view part,
                     const std::vector<base::Problem>& problems) {
  if (problems.empty()) return;
  out += fmt::format("---- {}\n", part);
  out += base::to_text({base::Code::invalid_argument, "", problems}) + "\n";
}

std::string mistakes_of(const base::Error& error) {
  std::string part = "mistakes";
  if (error.code != base::Code::invalid_argument)
    part += fmt::format(", {}", base::code_row(error.code).name);
  if (error.problems.empty()) return fmt::format("---- {}\n{}\n", part, error.message);
  std::string out;
  append_problems(out, part, error.problems);
  return out;
}

// The documents of one kind; what is written of each reads back as the same.
template <class Spec>
void append_canonical(std::string& out, const std::vector<Spec>& specs,
                      std::vector<Spec> Manifest::* kind) {
  for (const Spec& spec : specs) {
    out += out.empty() ? "---- canonical\n" : "---\n";
    const json::Value form = canonical(spec);
    out += json::write_yaml(form);
    const auto from_json = parse_manifest(json::write(form), ManifestFormat::json);
    const auto from_yaml = parse_manifest(json::write_yaml(form), ManifestFormat::yaml);
    CHECK((from_json.value().*kind).at(0) == spec);
    CHECK((from_yaml.value().*kind).at(0) == spec);
  }
}

std::string result_of(const Case& test) {
  const bool is_json = test.title.ends_with("(json)");
  const auto manifest =
      parse_manifest(test.input, is_json ? ManifestFormat::json : ManifestFormat::yaml);
  if (!manifest) return mistakes_of(manifest.error());
  std::string out;
  append_canonical(out, manifest->calendars, &Manifest::calendars);
  append_canonical(out, manifest->queues, &Manifest::queues);
  append_canonical(out, manifest->connections, &Manifest::connections);
  append_canonical(out, manifest->jobs, &Manifest::jobs);
  for (const JobSpec& spec : manifest->jobs)
    append_problems(out, "refused", unsupported_features(spec));
  return out;
}

TEST_CASE("every manifest of the corpus gives exactly what stands beside it") {
  std::vector<std::filesystem::path> files;
  for (const auto& entry : std::filesystem::directory_iterator(kCorpus))
    files.push_back(entry.path());
  REQUIRE(!files.empty());
  for (const auto& path : files) {
    std::string made;
    bool is_same = true;
    for (const Case& test : load_cases(path)) {
      CAPTURE(path.string());
      CAPTURE(test.title);
      const std::string result = result_of(test);
      // A blank line parts the cases.
      CHECK_EQ(test.expected, result + "\n");
      is_same &= test.expected == result + "\n";
      made += fmt::format("==== {}\n{}{}\n", test.title, test.input, result);
    }
    if (is_same) continue;
    const auto copy = std::filesystem::temp_directory_path() / path.filename();
    std::ofstream(copy) << made;
    MESSAGE("if the new answers are right: cp " << copy.string() << " " << path.string());
  }
}

}  // namespace
}  // namespace mainspring::model
