#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Dependencies between the folders of core go down only, in the order of the file `layers`: calls,
# found by the symbols of the objects, and #include lines. Drivers and plugins include the
# installed headers, the system's and their own; sdctl includes the service and helpers of
# core/base only. Before that, the test checks a small tree with known violations, and must find
# each of them.
#
#   abi_layers.sh COMPILER NM SOURCE-FOLDER LIST-OF-CORE'S-OBJECTS
set -u
compiler=$1 nm=$2 source=$3 objects=$4
here=$(CDPATH='' cd -- "$(dirname -- "$0")" && pwd)
work=$(mktemp -d) || exit 2
trap 'rm -rf "$work"' EXIT

# Reads the order, then lines "FILE FILE WHY", and prints those that violate the order.
cat >"$work/judge.awk" <<'END'
FNR == NR {
	if ($1 != "" && $1 !~ /^#/) for (i = 1; i <= NF; i++) rank[$i] = FNR
	next
}
function layer_of(file, name) {
	name = file
	sub(/\.[ch]$/, "", name)
	while (!(name in rank) && sub(/\/[^\/]*$/, "", name)) {}
	return name in rank ? name : ""
}
function known(file) {
	if (layer_of(file) != "") return 1
	if (!(file in told)) print file " has no place in the order"
	told[file]
	return 0
}
known($1) && known($2) {
	from = layer_of($1); to = layer_of($2)
	if (from != to && rank[from] <= rank[to])
		print $1 (rank[from] < rank[to] ? " is below " : " is beside ") $2 ": " $3
}
END

# Dependencies by calls. An object's source is the part of its path after smd_core.dir.
calls() { # OBJECTS
	tr '\n' '\0' <"$1" | xargs -0 "$nm" -A -P >"$work/symbols" 2>"$work/nm.err" ||
		cat "$work/nm.err" >&2
	sed 's/.*smd_core\.dir\/\(\.\/\)*/core\//; s/\.o: / /' "$work/symbols" |
		awk '$3 == "U" { used[++n] = $1 " " $2; next }
			$3 ~ /^[A-Z]$/ && !($2 in where) { where[$2] = $1 }
			END {
				for (i = 1; i <= n; i++) {
					split(used[i], use, " ")
					if (use[2] in where) print use[1], where[use[2]], "calls~" use[2]
				}
			}'
}

# Every #include as "FILE HEADER", the header with its brackets or quotes.
includes() { # SOURCE-FOLDER FOLDER...
	root=$1
	shift
	(cd "$root" && find "$@" -name '*.[ch]' -exec grep -H '^[[:space:]]*#[[:space:]]*include' {} +) |
		sed 's/:[[:space:]]*#[[:space:]]*include[[:space:]]*/ /; s/\([">]\)[^">]*$/\1/'
}

# A header without a folder is in the same folder as the file.
core_includes() { # SOURCE-FOLDER
	includes "$1" core | awk '$2 ~ /^"/ {
		name = substr($2, 2, length($2) - 2)
		folder = $1
		sub(/[^\/]*$/, "", folder)
		if (name !~ /\//) name = folder name
		print $1, name, "includes~it"
	}'
}

other_includes() { # SOURCE-FOLDER
	ours='<\(core\|api\|drivers\|plugins\|tests\)/'
	includes "$1" drivers plugins api/include api/sdctl | grep "$ours"
	includes "$1" api/include | grep -v ' <'
	includes "$1" drivers plugins |
		grep -v ' <\| "[a-z0-9_]*\.h"$\|^plugins/.* "\.\./common/[a-z0-9_]*\.h"$'
	includes "$1" api/sdctl | grep -v ' <\| "api/sdctl/[a-z0-9_]*\.h"$' |
		grep -v ' "core/service/service\.h"$\| "core/base/[a-z0-9_]*\.h"$'
}

# Prints all violations; nothing if there are none.
check() { # SOURCE-FOLDER OBJECTS
	calls "$2" >"$work/calls" 2>"$work/unread"
	cat "$work/unread"
	core_includes "$1" >"$work/includes"
	cat "$work/calls" "$work/includes" | awk -f "$work/judge.awk" "$here/layers" - | tr '~' ' '
	other_includes "$1" | sed 's/ / may not include /'
	sed 's/.*smd_core\.dir\/\(\.\/\)*/core\//; s/\.o$//' "$2" | sort >"$work/have"
	(cd "$1" && find core -name '*.c') | sort | comm -23 - "$work/have" |
		sed 's/$/ is in no object of core/'
}

# The tree with violations, and the output that is expected for it.
wrong=$work/wrong
file() { # PATH TEXT
	mkdir -p "$wrong/$(dirname -- "$1")"
	printf '%b\n' "$2" >"$wrong/$1"
}
file core/tree/node.c 'void smd_loop_work(void); void smd_node(void) { smd_loop_work(); }'
file core/run/loop.c '#include "core/tree/node.h"\nvoid smd_loop_work(void) { }'
file core/dialect/line/refs.c '#include "core/dialect/edit/statement.h"'
file core/dialect/render/order.c '#include "core/dialect/prefilter/chunks.h"'
file core/dialect/compiled.c '#include "core/dialect/dialect.h"'
file core/dialect/show/internal.h '#include "core/model/model.h"'
file core/deploy/kit.c '#include "core/kit/kit.h"'
file core/attic/old.c '#include "core/base/text.h"'
file core/base/lost.c ''
file drivers/ios/ios.c '#include <smartdeploy/set.h>\n#include "core/tree/node.h"\n#include "ios.h"'
file plugins/ssh/ssh.c '#include "../common/match.h"\n#include <core/run/loop.h>'
file plugins/exec/exec.c '#include "../cli/shell.h"\n#include <stdio.h>'
file api/sdctl/main.c '#include "core/service/service.h"\n#include "core/plan/plan.h"'
file api/include/smartdeploy/tree.h '#include "core/tree/node.h"'
(cd "$wrong" && find core -name '*.c' ! -name lost.c) | while read -r name; do
	object=$work/smd_core.dir/${name#core/}.o
	mkdir -p "$(dirname -- "$object")"
	grep -v '#include' "$wrong/$name" | "$compiler" -c -o "$object" -x c - || exit 2
	echo "$object"
done >"$work/wrong.objects"
sort >"$work/expected" <<'END'
api/include/smartdeploy/tree.h may not include "core/tree/node.h"
api/sdctl/main.c may not include "core/plan/plan.h"
core/attic/old.c has no place in the order
core/base/lost.c is in no object of core
core/deploy/kit.c is beside core/kit/kit.h: includes it
core/dialect/compiled.c is below core/dialect/dialect.h: includes it
core/dialect/line/refs.c is below core/dialect/edit/statement.h: includes it
core/dialect/render/order.c is beside core/dialect/prefilter/chunks.h: includes it
core/dialect/show/internal.h is below core/model/model.h: includes it
core/tree/node.c is below core/run/loop.c: calls smd_loop_work
drivers/ios/ios.c may not include "core/tree/node.h"
plugins/exec/exec.c may not include "../cli/shell.h"
plugins/ssh/ssh.c may not include <core/run/loop.h>
END
check "$wrong" "$work/wrong.objects" | sort >"$work/found"
diff -u "$work/expected" "$work/found" >&2 || { echo "the test itself is wrong" >&2; exit 2; }

check "$source" "$objects" >"$work/found"
[ -s "$work/calls" ] ||
	{ echo "the objects of core have no calls: is $nm the right program?" >&2; exit 2; }
[ ! -s "$work/found" ] || { cat "$work/found" >&2; exit 1; }
