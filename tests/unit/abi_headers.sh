#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Each installed header compiles alone, as pedantic C11 and as C++, with the sizes that never
# change. The library exports what the headers declare and the functions of the service; nothing
# else.
#
#   abi_headers.sh COMPILER SOURCE-FOLDER LIBRARY
set -u
compiler=$1 source=$2 library=$3
include=$source/api/include
failed=0
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

fail() {
	echo "$*" >&2
	failed=1
}

compile() { # LANGUAGE STANDARD HEADER
	echo "#include <smartdeploy/$3>" >"$work/alone.c"
	"$compiler" -x "$1" -std="$2" -pedantic-errors -Wall -Wextra -Wshadow -Werror \
		-fsyntax-only -I"$include" "$work/alone.c" ||
		fail "<smartdeploy/$3> does not compile alone as $2"
}

echo 'int main() { return 0; }' >"$work/none.cc"
plus=yes
"$compiler" -x c++ -std=c++11 -fsyntax-only "$work/none.cc" 2>/dev/null || plus=

for path in "$include"/smartdeploy/*.h; do
	header=${path##*/}
	compile c c11 "$header"
	compile c c17 "$header"
	[ -z "$plus" ] || compile c++ c++11 "$header"
	[ -z "$plus" ] || compile c++ c++20 "$header"
	echo "#include <smartdeploy/$header>" >>"$work/all.c"
done

"$compiler" -std=c11 -Wall -Werror -fsyntax-only -I"$include" "$source/tests/unit/abi_sizes.c" ||
	fail "structures that parts made have other sizes: older parts would break"

# One declaration a line; the name is the first word with our prefix before a parenthesis. The two
# entry functions are exported by parts, not by the library.
"$compiler" -E -P -I"$include" "$work/all.c" | tr '\n' ' ' | tr ';{}' '\n\n\n' |
	grep '__visibility__' | sed 's/.*__visibility__("default")))//' |
	grep -o 'smd_[a-z0-9_]* *(' | grep -v '^smd_[a-z0-9_]*_fn *(' | tr -d ' (' |
	grep -vx 'smd_driver_entry\|smd_plugin_entry' | sort -u >"$work/declared"
grep -o 'smd_controller_[a-z0-9_]* *(' "$source/core/service/service.h" | tr -d ' (' |
	sort -u >>"$work/declared"
sort -o "$work/declared" "$work/declared"

nm -D --defined-only "$library" | awk '$2 != "A" { sub("@.*", "", $3); print $3 }' |
	sort -u >"$work/exported" || exit 2
[ -s "$work/exported" ] || fail "$library exports nothing"

diff -u "$work/declared" "$work/exported" ||
	fail "what is declared (-) and what the library exports (+) differ"

[ -n "$plus" ] || echo "skipped: no C++ compiler: the headers were compiled as C only"
[ $failed = 0 ] || exit 1
[ -n "$plus" ] || exit 77
