// A name for a shell command: the program that does its work, without the guards and wrappers that
// crontabs put around it.
//
//   test -x /usr/sbin/thing && nice -n 10 /usr/sbin/thing --all   ->  thing
//   cd /srv/app && FOO=1 /usr/bin/php artisan schedule:run        ->  artisan
//
// A guess for people, not a shell: what it cannot read it names after the first word. Pure.
#pragma once

#include <string>
#include <string_view>

namespace mainspring::cli {

// Accepted by model::kNameRule; "job" where nothing better is there.
std::string name_command(std::string_view command);

}  // namespace mainspring::cli
