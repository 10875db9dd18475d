// cxctl_fake_server: FakeServer as a program, for tests of clients in other languages. Prints its
// port.
#include <iostream>

#include "tests/client/fake_server.h"

int main() {
  cxscribe::client::FakeServer server({});
  if (server.port() == 0) return 1;
  std::cout << server.port() << std::endl;
  server.Wait();
}
