#pragma once

/// What a floor measures: the CPU of the calling thread, and the time on the wall.

#include <chrono>

#include <sys/resource.h>

namespace beatsync::bench {

struct floor_cost {
  double units = 0;  ///< bytes, requests or names
  double cpu = 0;    ///< seconds, user and system, of one thread
  double wall = 0;   ///< seconds
};

class stopwatch {
 public:
  floor_cost stop(double units) const {
    const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - start_;
    return {units, cpu_now() - cpu_, wall.count()};
  }

 private:
  static double cpu_now() {
    rusage usage{};
    getrusage(RUSAGE_THREAD, &usage);
    const auto seconds = [](const timeval& t) {
      return static_cast<double>(t.tv_sec) + 1e-6 * static_cast<double>(t.tv_usec);
    };
    return seconds(usage.ru_utime) + seconds(usage.ru_stime);
  }

  std::chrono::steady_clock::time_point start_ = std::chrono::steady_clock::now();
  double cpu_ = cpu_now();
};

}  // namespace beatsync::bench
