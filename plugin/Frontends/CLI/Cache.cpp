// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Cache.h"

#include "Frontends/WriteFile.h"

#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/CachePruning.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MD5.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/xxhash.h"

using namespace fearless;
using namespace fearless::cli;
using llvm::StringRef;
namespace fs = llvm::sys::fs;

/// The first line of an entry; another form of entry has another number.
static constexpr StringRef Header = "fearless-cache 1\n";
/// The unit's summary is a file beside the entry: it is long, and read last. In
/// the entry's list it has this name.
static constexpr const char SummarySuffix[] = "-summary";

std::optional<uint64_t> FileHashes::of(StringRef Path) {
  {
    const std::lock_guard<std::mutex> Lock(Mutex);
    if (auto It = Known.find(Path); It != Known.end())
      return It->second;
  }
  // Two threads may read one file: cheaper than to wait for each other.
  std::optional<uint64_t> Hash;
  if (auto Buffer = llvm::MemoryBuffer::getFile(
          Path, /*IsText=*/false, /*RequiresNullTerminator=*/false))
    Hash = llvm::xxHash64((*Buffer)->getBuffer());
  const std::lock_guard<std::mutex> Lock(Mutex);
  return Known.try_emplace(Path, Hash).first->second;
}

namespace {
/// A digest of texts that may hold any character: each counts with its length.
class KeyHash {
public:
  void add(StringRef Part) {
    Hash.update(std::to_string(Part.size()));
    Hash.update(Part);
  }
  std::string digest() {
    llvm::MD5::MD5Result Result;
    Hash.final(Result);
    return Result.digest().str().str();
  }

private:
  llvm::MD5 Hash;
};
} // namespace

std::string Cache::key(const Unit &U, StringRef UnitKey) const {
  KeyHash Hash;
  Hash.add(RunKey);
  Hash.add(UnitKey);
  Hash.add(U.File);
  Hash.add(U.Directory);
  for (const std::string &Argument : U.Arguments)
    Hash.add(Argument);
  return Hash.digest();
}

std::string Cache::pathOf(StringRef Key) const {
  // LLVM's pruning deletes only what is called so.
  return Folder + "/llvmcache-" + Key.str();
}

/// An entry is the header, a line "HASH PATH" for each file, an empty line, and
/// the plugin's log. The log's text, or nothing for what is no entry.
static std::optional<StringRef>
readEntry(StringRef Text,
          llvm::function_ref<bool(StringRef Hash, StringRef Path)> File) {
  if (!Text.consume_front(Header))
    return std::nullopt;
  while (!Text.empty()) {
    const auto [Line, Rest] = Text.split('\n');
    Text = Rest;
    if (Line.empty())
      return Text;
    const auto [Hash, Path] = Line.split(' ');
    if (!File(Hash, Path))
      return std::nullopt;
  }
  return std::nullopt;
}

std::optional<Outcome> Cache::find(StringRef Key, bool WithSummary) {
  if (Folder.empty())
    return std::nullopt;
  auto Buffer = llvm::MemoryBuffer::getFile(pathOf(Key));
  if (!Buffer)
    return std::nullopt;
  Outcome Out;
  const std::optional<StringRef> Text = readEntry(
      (*Buffer)->getBuffer(), [&](StringRef Hash, StringRef Path) {
        uint64_t Then;
        std::string Real = Path.str();
        if (Path == SummarySuffix)
          Out.SummaryPath = Real = pathOf(Key) + SummarySuffix;
        else
          Out.Files.push_back(Real);
        const std::optional<uint64_t> Now = Hashes.of(Real);
        return Now && !Hash.getAsInteger(16, Then) && *Now == Then;
      });
  if (!Text)
    return std::nullopt;
  llvm::Expected<UnitLog> Log = readLog(*Text);
  if (!Log) {
    llvm::consumeError(Log.takeError());
    return std::nullopt;
  }
  Out.State = Outcome::Analyzed;
  Out.Log = std::move(*Log);
  if (WithSummary && Out.SummaryPath.empty())
    return std::nullopt;
  return Out;
}

std::vector<std::string> Cache::filesOf(StringRef Key) const {
  std::vector<std::string> Out;
  if (!Folder.empty())
    if (auto Buffer = llvm::MemoryBuffer::getFile(pathOf(Key)))
      readEntry((*Buffer)->getBuffer(), [&](StringRef, StringRef Path) {
        if (Path != SummarySuffix)
          Out.push_back(Path.str());
        return true;
      });
  return Out;
}

void Cache::store(StringRef Key, const Outcome &O,
                  std::chrono::system_clock::time_point Begin) {
  if (Folder.empty() || O.Files.empty())
    return;
  std::string Text = Header.str();
  for (const std::string &Path : O.Files) {
    fs::file_status Status;
    const std::optional<uint64_t> Hash = Hashes.of(Path);
    if (!Hash || Path.find('\n') != std::string::npos ||
        fs::status(Path, Status) || Status.getLastModificationTime() >= Begin)
      return;
    Text += llvm::utohexstr(*Hash) + " " + Path + "\n";
  }
  if (fs::create_directories(Folder))
    return;
  if (!O.SummaryPath.empty()) {
    auto Summary = llvm::MemoryBuffer::getFile(O.SummaryPath);
    if (!Summary)
      return;
    const StringRef Content = (*Summary)->getBuffer();
    if (llvm::Error E = writeFile(pathOf(Key) + SummarySuffix, Content))
      return llvm::consumeError(std::move(E));
    Text += llvm::utohexstr(llvm::xxHash64(Content)) + " " + SummarySuffix + "\n";
  }
  Text += "\n" + O.LogText;
  llvm::consumeError(writeFile(pathOf(Key), Text));
}

std::string Cache::key(llvm::ArrayRef<std::string> Files, StringRef More) {
  KeyHash Hash;
  Hash.add(RunKey);
  Hash.add(More);
  for (const std::string &File : Files) {
    const std::optional<uint64_t> Content = Hashes.of(File);
    if (Folder.empty() || !Content)
      return {};
    Hash.add(std::to_string(*Content));
  }
  return Hash.digest();
}

std::optional<std::string> Cache::text(StringRef Key) const {
  if (Key.empty())
    return std::nullopt;
  auto Buffer = llvm::MemoryBuffer::getFile(pathOf(Key));
  StringRef Text = Buffer ? (*Buffer)->getBuffer() : StringRef();
  if (!Text.consume_front(Header))
    return std::nullopt;
  return Text.str();
}

void Cache::store(StringRef Key, StringRef Text) const {
  if (!Key.empty() && !fs::create_directories(Folder))
    llvm::consumeError(writeFile(pathOf(Key), (Header + Text).str()));
}

void Cache::prune() const {
  if (Folder.empty() || !fs::is_directory(Folder))
    return;
  llvm::CachePruningPolicy Policy;
  Policy.MaxSizeBytes = uint64_t(1) << 30;
  llvm::pruneCache(Folder, Policy);
}

std::string fearless::cli::defaultCacheFolder() {
  llvm::SmallString<256> Folder;
  if (!llvm::sys::path::cache_directory(Folder))
    return {};
  llvm::sys::path::append(Folder, "fearless");
  return Folder.str().str();
}
