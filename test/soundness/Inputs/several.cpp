// Reduced by reduce.test: what the predicate wants is scattered in it.
#include <string>
#include <thread>
#include <vector>

namespace app {

struct point {
  int x = 0; // NOT wanted
  int y = 0;
  void move(int by) {
    if (by > 0) {
      for (int i = 0; i != by; ++i) {
        x += by;
        y += by; // "}" in a comment and a string
      }
    }
  }
};

static const char *text = "}; // no comment";

template <class T> T twice(T value) {
  return value + value;
}

static int sum(int first, int second, int third) {
  std::vector<int> all{first, second, third};
  int result = 0;
  do {
    result += all.back();
    all.pop_back();
  } while (!all.empty());
  return result;
}

} // namespace app

int main() {
  app::point p;
  auto move = [&p](int by, const std::string &why) {
    if (why.empty())
      p.move(by);
    else
      p.move(app::twice(by));
  };
  std::thread t([&] { move(1, app::text); });
  t.join();
  return app::sum(1, 2, 3) == 6 ? 0 : 1;
}
