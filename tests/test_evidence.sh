#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# tests/evidence in a repository that is thrown away: rows are added, and named once the code
# that they cover has changed or gone.
set -eu

evidence=$(readlink -f -- "$(dirname -- "$0")/evidence")
for program in git python3; do
	command -v $program >/dev/null || { echo "skipped: program '$program' is missing"; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf -- "$work"' EXIT
cd "$work"
unset GIT_DIR GIT_WORK_TREE GIT_INDEX_FILE
export GIT_CONFIG_GLOBAL=/dev/null GIT_CONFIG_NOSYSTEM=1

fail() { printf 'FAILED: %s\n%s\n' "$1" "$output" >&2; exit 1; }

run() { # STATUS ARGUMENTS...
	expected=$1
	shift
	status=0
	output=$("$evidence" "$@" 2>&1) || status=$?
	[ "$status" = "$expected" ] || fail "evidence $*: exit status $status, not $expected"
}

says() { case $output in *"$1"*) ;; *) fail "it does not say: $1" ;; esac; }
lacks() { case $output in *"$1"*) fail "it says: $1" ;; esac; }

commit() {
	git add --all
	git -c user.name=nobody -c user.email=nobody@example.org commit --quiet --message "$1"
}

run 0 --strict
says "no git repository"

git init --quiet .
mkdir -p share/doc core/tree core/base drivers
for file in core/tree/a.c core/base/b.c drivers/c.c; do echo one >$file; done
commit first
run 0 --strict
says "0 rows, 0 stale"

run 0 add HEAD "trees, often" 42 1000 0 core/tree core/base
run 0 add HEAD drivers 43 5 0 drivers/c.c
run 1 add HEAD nowhere 1 1 0 core/nowhere
says "core/nowhere"
commit "evidence"
run 0 --strict
says "2 rows, 0 stale"
python3 -c 'import json
row = json.load(open("share/doc/evidence.json"))[1]
assert (row["what"], row["n"], row["seed"], row["differences"]) == ("trees, often", 1000, 42, 0), row
assert sorted(row["covers"]) == ["core/base", "core/tree"] and row["date"], row'

echo two >core/tree/a.c
run 0 --strict
commit "change what is covered"
run 1 --strict
says "trees, often: changed: core/tree"
lacks "core/base"
lacks "drivers"
says "2 rows, 1 stale"
run 0

run 0 add HEAD "trees, often" 44 1000 3 core/tree
run 0 --strict
says "3 differences"
says "2 rows, 0 stale"

git rm --quiet drivers/c.c
commit "drop what is covered"
run 1 --strict
says "drivers: changed: drivers/c.c"
run 2 sideways
