// Runs a program and says what it cost: bench-meter REPORT SECONDS COMMAND [ARGUMENT...]
//
// Writes one line of JSON to the file REPORT: exit code or signal, CPU seconds (user, system), wall
// seconds, and the largest resident set. After SECONDS the program and all it started are killed.
//
// It exists because Linux lets a new program inherit the peak memory of whoever forked it: below a
// Python of 30 MiB nothing can be seen to need less. This one needs 2.
#include <chrono>
#include <csignal>
#include <cstdio>
#include <cstdlib>

#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

namespace {

volatile std::sig_atomic_t child = 0;
volatile std::sig_atomic_t timed_out = 0;

void kill_child(int) {
  timed_out = 1;
  kill(-child, SIGKILL);
}

// The one who waits for us gave up: so does the program.
void pass_on(int) {
  kill(-child, SIGKILL);
  _exit(1);
}

double seconds(const timeval& t) { return static_cast<double>(t.tv_sec) + 1e-6 * t.tv_usec; }

}  // namespace

int main(int argc, char** argv) {
  if (argc < 4) {
    std::fputs("usage: bench-meter REPORT SECONDS COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  const auto start = std::chrono::steady_clock::now();
  const pid_t pid = fork();
  if (pid < 0) {
    std::perror("bench-meter: fork");
    return 2;
  }
  if (pid == 0) {
    setpgid(0, 0);
    execvp(argv[3], argv + 3);
    std::perror(argv[3]);
    _exit(127);
  }
  child = pid;
  setpgid(pid, pid);  // in both, so that it holds whoever runs first
  std::signal(SIGALRM, kill_child);
  std::signal(SIGTERM, pass_on);
  std::signal(SIGINT, pass_on);
  alarm(static_cast<unsigned>(std::atoi(argv[2])));

  int status = 0;
  rusage usage{};
  while (wait4(pid, &status, 0, &usage) < 0) {
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start;
  std::FILE* report = std::fopen(argv[1], "w");
  if (report == nullptr) {
    std::perror(argv[1]);
    return 2;
  }
  std::fprintf(
      report,
      "{\"exit\": %d, \"signal\": %d, \"timed_out\": %s, \"user\": %.6f, \"system\": %.6f, "
      "\"wall\": %.6f, \"peak_mib\": %.3f}\n",
      WIFEXITED(status) ? WEXITSTATUS(status) : -1, WIFSIGNALED(status) ? WTERMSIG(status) : 0,
      timed_out ? "true" : "false", seconds(usage.ru_utime), seconds(usage.ru_stime), wall.count(),
      static_cast<double>(usage.ru_maxrss) / 1024);
  return std::fclose(report) == 0 ? 0 : 2;
}
