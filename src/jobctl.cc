// jobctl: the command line of Mainspring.
#include "cli/program.h"

int main(int argc, char** argv) { return mainspring::cli::run_program({argv + 1, argv + argc}); }
