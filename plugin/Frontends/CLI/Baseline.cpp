// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Baseline.h"

#include "Frontends/WriteFile.h"
#include "Support/Text.h"

#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;
namespace json = llvm::json;

static std::string folderOf(StringRef Path) {
  return llvm::sys::path::parent_path(absolute(Path)).str();
}

llvm::Expected<Baseline> Baseline::read(StringRef Path) {
  auto Buffer = llvm::MemoryBuffer::getFile(Path);
  if (!Buffer)
    return error("cannot read '" + Path + "': " + Buffer.getError().message());
  llvm::Expected<json::Value> Parsed = json::parse((*Buffer)->getBuffer());
  if (!Parsed)
    return error("'" + Path + "' is no baseline: " +
                 llvm::toString(Parsed.takeError()));
  auto Bad = [&](StringRef What) {
    return error("'" + Path + "' is no baseline: " + What);
  };
  const json::Object *Root = Parsed->getAsObject();
  if (!Root || Root->getInteger("fearless-baseline") != 1)
    return Bad("it has no \"fearless-baseline\": 1");
  const json::Array *List = Root->getArray("findings");
  if (!List)
    return Bad("it has no list \"findings\"");
  Baseline Out;
  Out.Folder = folderOf(Path);
  for (const json::Value &Item : *List) {
    const json::Object *O = Item.getAsObject();
    auto Text = [&](StringRef Key) {
      auto Value = O ? O->getString(Key) : decltype(O->getString(Key))();
      return Value ? Value->str() : std::string();
    };
    const std::string Print = Text("fingerprint");
    if (Print.empty())
      return Bad("an entry has no \"fingerprint\"");
    Entry &E = Out.Entries[{Text("file"), Print}];
    E.Check = Text("check");
    E.File = Text("file");
    E.Message = Text("message");
    E.Count += O->getInteger("count").value_or(1);
  }
  return Out;
}

void Baseline::apply(Report &R) const {
  auto Left = Entries;
  for (Result &Found : R.Results) {
    auto It = Left.find({shown(Found.At.File, Folder), Found.Fingerprint});
    if (It == Left.end() || It->second.Count == 0)
      continue;
    --It->second.Count;
    Found.Known = true;
  }
  for (const auto &[Key, E] : Left)
    if (E.Count != 0)
      R.Stale.push_back(E.File + ": " + E.Message + " [" + E.Check + "]");
}

llvm::Error fearless::cli::writeBaseline(const Report &R, StringRef Path) {
  const std::string Folder = folderOf(Path);
  std::map<std::pair<std::string, std::string>, std::pair<const Result *, unsigned>> Counted;
  for (const Result &Found : R.Results) {
    auto &Entry = Counted[{shown(Found.At.File, Folder), Found.Fingerprint}];
    Entry.first = &Found;
    ++Entry.second;
  }
  json::Array List;
  for (const auto &[Key, Entry] : Counted) {
    json::Object Out{{"file", json::fixUTF8(Key.first)},
                     {"fingerprint", Key.second},
                     {"check", Entry.first->Check},
                     {"message", json::fixUTF8(Entry.first->Message)}};
    if (Entry.second != 1)
      Out["count"] = Entry.second;
    List.push_back(std::move(Out));
  }
  std::string Text;
  llvm::raw_string_ostream OS(Text);
  json::OStream(OS, /*IndentSize=*/2)
      .value(json::Object{{"fearless-baseline", 1}, {"findings", std::move(List)}});
  OS << "\n";
  return writeFile(Path, OS.str());
}
