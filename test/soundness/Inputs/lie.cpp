// Reduced by reduce-race.test: a mark that lies makes strict mode accept a race.
#include <fearless/annotations.h>
#include <thread>

struct FEARLESS_UNSAFE_SYNC("a lie") counter {
  void set(int n) { value = n; }
  int value = 0;
  int other = 0;
};

int main() {
  counter shared;
  std::thread t([&shared] { shared.set(1); });
  if (t.joinable())
    shared.set(2);
  t.join();
}
