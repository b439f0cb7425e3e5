// Part of Fearless, under the Apache License v2.0 with LLVM Exceptions. SPDX-License-Identifier: Apache-2.0 WITH LLVM-exception

#include "Frontends/CLI/Process.h"

#include "llvm/ADT/SmallVector.h"

#include <atomic>
#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

using namespace fearless::cli;

/// The children that run, for the signal handler: a fixed table, because a
/// handler may take no lock. A child that finds no place just is not ended.
static std::atomic<pid_t> Children[512];
static std::atomic<bool> Stop{false};

static void onStop(int) {
  if (Stop.exchange(true))
    _exit(3);
  for (std::atomic<pid_t> &Child : Children)
    if (const pid_t Pid = Child.load(); Pid > 0)
      kill(Pid, SIGTERM);
}

void fearless::cli::catchStop() {
  struct sigaction Action = {};
  Action.sa_handler = onStop;
  sigaction(SIGINT, &Action, nullptr);
  sigaction(SIGTERM, &Action, nullptr);
}

bool fearless::cli::stopRequested() { return Stop.load(); }

namespace {

class Registered {
public:
  explicit Registered(pid_t Pid) {
    for (std::atomic<pid_t> &Place : Children) {
      pid_t Free = 0;
      if (Place.compare_exchange_strong(Free, Pid)) {
        Mine = &Place;
        break;
      }
    }
    // The signal may have come between the fork and now.
    if (stopRequested())
      kill(Pid, SIGTERM);
  }
  /// Before the child is reaped: its number may be given away after that.
  void forget() {
    if (Mine)
      Mine->store(0);
  }

private:
  std::atomic<pid_t> *Mine = nullptr;
};

} // namespace

/// In the child, where only what is safe in a signal handler may be called.
static int become(char *const *Argv, const char *Directory, const char *Stdout,
                  const char *Stderr, unsigned MemoryLimit) {
  if (*Directory && chdir(Directory) != 0)
    return errno;
  const char *const Files[] = {"/dev/null", Stdout, Stderr};
  for (int Target = 0; Target != 3; ++Target) {
    const int File = Target == 0 ? open(Files[0], O_RDONLY)
                                 : open(Files[Target], O_WRONLY | O_CREAT | O_TRUNC, 0600);
    if (File < 0 || dup2(File, Target) < 0)
      return errno;
    if (File > 2)
      close(File);
  }
  if (MemoryLimit != 0) {
    const rlim_t Bytes = rlim_t(MemoryLimit) << 20;
    const struct rlimit Limit = {Bytes, Bytes};
    setrlimit(RLIMIT_AS, &Limit);
  }
  // What this process ignores its children would ignore too.
  std::signal(SIGPIPE, SIG_DFL);
  execv(Argv[0], Argv);
  return errno;
}

ProcessResult fearless::cli::runProcess(llvm::ArrayRef<std::string> Arguments,
                                        const ProcessOptions &Options) {
  ProcessResult Result;
  llvm::SmallVector<char *, 32> Argv;
  for (const std::string &Argument : Arguments)
    Argv.push_back(const_cast<char *>(Argument.c_str()));
  Argv.push_back(nullptr);
  const std::string Directory = Options.Directory.str();
  auto FileOr = [](llvm::StringRef Path) {
    return Path.empty() ? std::string("/dev/null") : Path.str();
  };
  const std::string Stdout = FileOr(Options.Stdout);
  const std::string Stderr = FileOr(Options.Stderr);

  // Through this the child says why it could not start; a start closes it.
  int Pipe[2];
  if (pipe2(Pipe, O_CLOEXEC) != 0) {
    Result.Problem = std::strerror(errno);
    return Result;
  }
  const pid_t Pid = fork();
  if (Pid == 0) {
    const int Problem = become(Argv.data(), Directory.c_str(), Stdout.c_str(),
                               Stderr.c_str(), Options.MemoryLimit);
    [[maybe_unused]] ssize_t Written = write(Pipe[1], &Problem, sizeof Problem);
    _exit(127);
  }
  const int ForkProblem = errno;
  close(Pipe[1]);
  if (Pid < 0) {
    close(Pipe[0]);
    Result.Problem = std::strerror(ForkProblem);
    return Result;
  }
  Registered Child(Pid);
  int Problem = 0;
  ssize_t Got;
  while ((Got = read(Pipe[0], &Problem, sizeof Problem)) < 0 && errno == EINTR)
    ;
  close(Pipe[0]);

  siginfo_t Ended = {};
  while (waitid(P_PID, Pid, &Ended, WEXITED | WNOWAIT) < 0 && errno == EINTR)
    ;
  Child.forget();
  int Status = 0;
  while (waitpid(Pid, &Status, 0) < 0 && errno == EINTR)
    ;
  if (Got == static_cast<ssize_t>(sizeof Problem))
    Result.Problem = std::strerror(Problem);
  else if (WIFEXITED(Status))
    Result.Code = WEXITSTATUS(Status);
  else if (WIFSIGNALED(Status))
    Result.Signal = WTERMSIG(Status);
  return Result;
}
