#include "gate/load/openslo.h"

#include <algorithm>
#include <list>
#include <utility>

#include <fmt/format.h>

#include "gate/base/json_text.h"
#include "gate/load/openslo_objects.h"
#include "gate/load/openslo_slo.h"
#include "gate/load/yaml_table.h"

namespace gate::load {
namespace {

const std::vector<std::string_view> kKinds{
    "SLO", "SLI", "DataSource", "AlertPolicy", "AlertCondition", "AlertNotificationTarget", "Service"};

// A file, its documents, and what is wrong with it. Objects point into it.
struct File {
  const std::string& path;
  std::vector<TomlValue> documents;
  std::vector<TomlFault> faults;
};

void add_object(TomlReader& reader, File& file, OpenSloWorld& world) {
  reader.choice("apiVersion", {"openslo/v1"});
  const auto kind = reader.choice("kind", kKinds);
  require(reader, "apiVersion");
  require(reader, "kind");
  if (!kind) return;
  auto object = read_openslo_object(reader, kKinds[*kind], file.faults, file.path);
  reader.refuse_unknown();
  if (!object) return;
  const auto [first, is_new] = world.objects.emplace(std::pair{object->kind, object->name}, *object);
  if (is_new || object->name.empty()) return;
  file.faults.push_back({object->at, "name",
                         fmt::format("name: {} is taken by the {} at {}:{}", json_quoted(object->name),
                                     object->kind, first->second.path, first->second.at.line)});
}

// What others refer to comes first.
void read_specs(OpenSloWorld& world) {
  for (const bool sources : {true, false}) {
    for (const auto& [id, object] : world.objects) {
      if ((object.kind == "DataSource") == sources) read_openslo_spec(object, world);
    }
  }
}

// In the order of the files, as people read them.
void read_slos(OpenSloWorld& world, const std::list<File>& files) {
  for (const File& file : files) {
    std::vector<const OpenSloObject*> slos;
    for (const auto& [id, object] : world.objects) {
      if (object.kind == "SLO" && object.faults == &file.faults) slos.push_back(&object);
    }
    std::sort(slos.begin(), slos.end(), [](const auto* a, const auto* b) { return a->at < b->at; });
    for (const OpenSloObject* slo : slos) read_openslo_slo(*slo, world);
  }
}

// What is referred to twice is read twice, and faulted once.
void drop_copies(std::vector<TomlFault>& faults) {
  std::vector<TomlFault> once;
  for (TomlFault& fault : faults) {
    if (std::find(once.begin(), once.end(), fault) == once.end()) once.push_back(std::move(fault));
    if (once.size() == 100) break;  // enough to say that there are many
  }
  faults = std::move(once);
}

}  // namespace

Result<slo::ObjectiveSet> parse_openslo(const std::vector<OpenSloFile>& sources) {
  std::list<File> files;
  OpenSloWorld world;
  for (const OpenSloFile& source : sources) {
    auto documents = parse_yaml_tables(source.text, source.path);
    if (!documents) return documents.error();
    File& file = files.emplace_back(File{source.path, std::move(*documents), {}});
    for (const TomlValue& document : file.documents) {
      TomlReader reader{std::get<TomlTable>(document.data), document.at, file.faults};
      add_object(reader, file, world);
    }
    if (file.documents.empty()) file.faults.push_back({{}, "", "there is no document"});
  }
  read_specs(world);
  read_slos(world, files);
  for (File& file : files) {
    drop_copies(file.faults);
    if (!file.faults.empty()) return first_fault(std::move(file.faults), file.path);
  }
  return std::move(world.set);
}

}  // namespace gate::load
