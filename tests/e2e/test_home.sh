#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The home: who only reads makes none, who makes one says so, an older store is brought up to date
# with all that is in it, and damage in it is told by name.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
need sqlite3 sqlite3

here=$SMD_SOURCE_DIR/tests/e2e
examples=$SMD_SOURCE_DIR/share/examples
home=$work/none/home
export SMARTDEPLOY_HOME="$home"

step "reading and acting make no home"
echo '{}' >"$work/a.plan"
for command in "config list" "config show a" "config remove a" "device list" "device check" \
	"device trust a" "history" "history prune --keep 1" "status a" "verify a" "recover" \
	"plan a" "rollback last" "apply $work/a.plan"; do
	# shellcheck disable=SC2086
	assert_status 1 sdctl $command
	assert_contains "$command" "there is no store in \"$home\"" "$output"
	assert_contains "$command" "sdctl init" "$output"
	[ ! -e "$work/none" ] || fail "\`sdctl $command\` made a home"
done

step "what makes one says so, once"
made="note: a new store was made in $home"
assert_status 0 sdctl init
assert_equal "init" "$made" "$output"
assert_status 0 sdctl init
assert_contains "init again" "there is a store in $home" "$output"
rm -r "$work/none"
assert_status 0 sdctl device import "$examples/inventory.json"
assert_contains "device import" "$made" "$output"
rm -r "$work/none"
assert_status 0 sdctl config set "$examples/native.json"
assert_contains "config set" "$made" "$output"
assert_status 0 sdctl config set "$examples/native.json"
assert_lacks "config set again" "made in" "$output"
assert_status 0 sdctl config list
assert_status 1 sdctl history -- prune
assert_contains "a name that is a word of a command" '"prune"' "$output"
rm -r "$work/none"
assert_equal "an empty variable is none" "$(HOME=$work XDG_STATE_HOME='' SMARTDEPLOY_HOME='' \
	sdctl history 2>&1)" "$(env -u SMARTDEPLOY_HOME HOME="$work" XDG_STATE_HOME='' sdctl history 2>&1)"

step "a plan of another home names ours"
sdctl init 2>/dev/null
format=$(sed -n 's/^#define FORMAT "\(.*\)"$/\1/p' "$SMD_SOURCE_DIR/core/plan/plan.c")
printf '{"format":"%s","id":"i","mac":"m","store":"s"}' "$format" >"$work/a.plan"
assert_status 3 sdctl apply "$work/a.plan"
assert_contains "apply" "\"$home\"" "$output"
rm -r "$work/none"

step "what only says what it would do makes none, and brings none up to date"
rm -rf "$work/none"
assert_status 0 sdctl device import "$examples/inventory.json" --dry-run
assert_contains "what would be added" "adds 5 devices" "$output"
[ ! -e "$work/none" ] || fail "a dry run made a home"
assert_status 1 sdctl history prune --keep 1 --dry-run
[ ! -e "$work/none" ] || fail "a dry run made a home"

# --- A store of version 1 ---

old_store() {
	rm -rf "$home"
	mkdir -p -m 0700 "$home"
	sqlite3 "$home/store.db" <"$here/testdata/store-3203601.sql" >"$work/mode"
}

step "an older store is not changed by reading"
old_store
before=$(cksum <"$home/store.db")
assert_status 3 sdctl history
assert_contains "history" "version 1" "$output"
assert_contains "history" "sdctl init" "$output"
assert_status 3 sdctl device import "$examples/inventory.json" --dry-run
assert_status 3 sdctl history prune --keep 1 --dry-run
assert_equal "the file" "$before" "$(cksum <"$home/store.db")"

step "it is brought up to date, and has what it had"
count="SELECT tbl, count(*), total(revision), total(length(value)) FROM record GROUP BY tbl"
before=$(sqlite3 "$home/store.db" "$count")
assert_status 0 sdctl init
assert_equal "records" "$before" "$(sqlite3 "$home/store.db" "$count")"
assert_equal "version" 2 "$(sqlite3 "$home/store.db" "PRAGMA user_version")"
assert_status 0 sdctl history
assert_equal "history" "20261130-213505763-e0d4 rollback blue done
20261130-213505122-695f deploy blue done
20261130-213504486-207f deploy blue done" \
	"$(printf '%s\n' "$output" | tail -n +2 | tr -s ' ' | cut -d' ' -f1,5-7)"
assert_status 0 sdctl status blue
assert_contains "status" "rollback blue (undoes 20261130-213505122-695f): done" "$output"
assert_contains "status" "6 journal entries" "$output"
assert_status 0 sdctl config list
assert_contains "blue" "blue bridge-domain 2 1 pending" "$(printf '%s\n' "$output" | tr -s ' ')"
assert_contains "green" "green bridge-domain 1 - not deployed" "$(printf '%s\n' "$output" | tr -s ' ')"
assert_status 0 sdctl config show blue --revision 1
assert_contains "revision 1" '"port":"h2"' "$output"
assert_status 0 sdctl device list
assert_contains "devices" "spine1" "$output"
assert_status 3 sdctl device import "$examples/inventory.json"
assert_contains "what is deployed stays" "\"blue\" is deployed there" "$output"

step "the beginning of an id"
assert_status 0 sdctl status 20261130-2135057
assert_contains "the whole" "Deployment 20261130-213505763-e0d4: rollback" "$output"
assert_status 3 sdctl status 20261130-213505
assert_contains "of two" "several deployments" "$output"
assert_contains "which" "20261130-213505122-695f or 20261130-213505763-e0d4" "$output"
assert_status 3 sdctl rollback 20261130 --yes
assert_status 1 sdctl recover 20261130-2135057
assert_contains "recover" '"20261130-213505763-e0d4" is not open' "$output"
assert_status 0 sdctl history --before 20261130-2135051
assert_equal "page" 2 "$(printf '%s\n' "$output" | wc -l)"
assert_status 1 sdctl status 2026
assert_status 1 sdctl status 20261131
assert_status 1 sdctl rollback blue --to 0815
assert_contains "no chain" "hint: 0 is the only one before" "$output"

step "every writing command does that"
old_store
assert_status 0 sdctl config remove green
assert_equal "version" 2 "$(sqlite3 "$home/store.db" "PRAGMA user_version")"

# --- Damage ---

damage() { # TABLE KEY
	sqlite3 "$home/store.db" "UPDATE record SET value = CAST(replace(CAST(value AS TEXT), 'e', 'f')
		AS BLOB) WHERE tbl = '$1' AND key = CAST('$2' AS BLOB)"
}

step "a damaged record is told, and hides no other"
damage deployment 20261130-213505122-695f
assert_status 0 sdctl history
assert_contains "history" "damaged" "$(printf '%s\n' "$output" | grep 695f)"
assert_contains "history" " done" "$(printf '%s\n' "$output" | grep 207f)"
assert_status 0 sdctl status blue
assert_status 1 sdctl status 20261130-213505122-695f
assert_contains "status" "the record deployment \"20261130-213505122-695f\" is damaged" "$output"
damage configuration green
assert_status 0 sdctl config list
assert_contains "green" "damaged" "$(printf '%s\n' "$output" | grep ^green)"
assert_contains "blue" "pending" "$(printf '%s\n' "$output" | grep ^blue)"
damage meta inventory
assert_status 1 sdctl device list
assert_contains "inventory" "the record meta \"inventory\" in " "$output"

step "a file that was cut is refused"
size=$(stat -c %s "$home/store.db")
for less in 1 100 4095 4096 9000; do
	cp "$home/store.db" "$work/whole"
	truncate -s $((size - less)) "$home/store.db"
	assert_status 3 sdctl history
	assert_contains "cut by $less" "it was cut" "$output"
	assert_status 3 sdctl init
	assert_contains "cut by $less" "it was cut" "$output"
	cp "$work/whole" "$home/store.db"
done

step "a newer one too"
sqlite3 "$home/store.db" "PRAGMA user_version = 3"
assert_status 3 sdctl history
assert_contains "newer" "version 3, this program knows up to 2" "$output"
assert_status 3 sdctl init

step "a store whose making was interrupted"
old_store
sdctl init >/dev/null
sqlite3 "$home/store.db" "DELETE FROM record WHERE tbl = 'meta' AND key = CAST('identity' AS BLOB)"
assert_status 1 sdctl history
assert_contains "reading" "was not made to its end
  hint: \`sdctl init\`" "$output"
assert_status 0 sdctl init
assert_status 0 sdctl history

step "history prune"
old_store
sdctl init >/dev/null
assert_status 3 sdctl history prune
assert_contains "no policy" "--keep" "$output"
assert_status 3 sdctl history prune --older-than 3
assert_status 0 sdctl history prune --keep 1 --dry-run
assert_contains "dry run" "would remove: 20261130-213505122-695f" "$output"
assert_status 0 sdctl history prune --keep 1
assert_contains "prune" "removed: 20261130-213505122-695f" "$output"
assert_equal "its records" 0 "$(sqlite3 "$home/store.db" "SELECT count(*) FROM record
	WHERE CAST(key AS TEXT) LIKE '20261130-213505122-695f%'")"
assert_status 0 sdctl history
assert_equal "history" 3 "$(printf '%s\n' "$output" | wc -l)"
assert_status 0 sdctl history --limit 1
assert_contains "paged" "sdctl history --before 20261130-213505763-e0d4" "$output"
