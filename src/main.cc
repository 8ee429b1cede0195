// mainspring: the node.
#include <cstdio>
#include <exception>

#include "node/program.h"

int main(int argc, char** argv) {
  try {
    return mainspring::node::run_program(argc, argv);
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "mainspring: %s\n", failure.what());
    return 6;
  }
}
