// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception
//
// Results of earlier runs, kept by content: a unit whose command, settings,
// tool and files are all what they were is not analysed again.

#ifndef FEARLESS_FRONTENDS_CLI_CACHE_H
#define FEARLESS_FRONTENDS_CLI_CACHE_H

#include "Frontends/CLI/Worker.h"

#include "llvm/ADT/StringMap.h"

#include <chrono>
#include <mutex>
#include <optional>

namespace fearless::cli {

/// The content of files as numbers, each read once a run. Thread-safe.
class FileHashes {
public:
  /// Nothing for a file that cannot be read.
  std::optional<uint64_t> of(llvm::StringRef Path);

private:
  std::mutex Mutex;
  llvm::StringMap<std::optional<uint64_t>> Known;
};

/// Thread-safe; several runs may share a folder.
class Cache {
public:
  /// \p Folder may not exist yet; empty = keep nothing. \p RunKey is what all
  /// units of the run depend on.
  Cache(std::string Folder, std::string RunKey)
      : Folder(std::move(Folder)), RunKey(std::move(RunKey)) {}

  /// \p UnitKey is what the unit depends on beside its command.
  std::string key(const Unit &U, llvm::StringRef UnitKey) const;

  /// What was stored under \p Key, if no file has changed since, and with
  /// \p WithSummary only if the summary is there.
  std::optional<Outcome> find(llvm::StringRef Key, bool WithSummary);

  /// The files that a unit was made of when it was stored, changed or not.
  std::vector<std::string> filesOf(llvm::StringRef Key) const;

  /// Keeps an analysed unit, unless a file changed after \p Begin, when the
  /// analysis may have read another content. What cannot be written is not
  /// kept; that costs time only.
  void store(llvm::StringRef Key, const Outcome &O,
             std::chrono::system_clock::time_point Begin);

  /// For what was made of all \p Files together, under what \p More says; empty
  /// when one of them cannot be read.
  std::string key(llvm::ArrayRef<std::string> Files, llvm::StringRef More);
  /// A text that was kept under such a key.
  std::optional<std::string> text(llvm::StringRef Key) const;
  void store(llvm::StringRef Key, llvm::StringRef Text) const;

  /// Deletes what was not used for long when there is too much.
  void prune() const;

private:
  std::string pathOf(llvm::StringRef Key) const;

  const std::string Folder, RunKey;
  FileHashes Hashes;
};

/// The folder for the user's caches, or empty when there is none.
std::string defaultCacheFolder();

} // namespace fearless::cli

#endif // FEARLESS_FRONTENDS_CLI_CACHE_H
