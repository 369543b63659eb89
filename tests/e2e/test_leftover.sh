#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Deployments that a dead controller left open: what each command says and does about them, above
# all where somebody has meanwhile changed the switches, the store or the clock.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab
need cc gcc

# Applies a plan, and kills the controller when the SWITCH has acted and has not yet answered.
die_in_commit() { # SWITCH PLAN
	obstruct "$1" <<'END'
changes "$@" && { real "$@"; hold; exit 0; }
END
	begin apply "$2"
	await_held "$1"
	kill_begun
	unobstruct "$1"
	release "$1"
}

plan_of() { # NAME VLAN "DEVICE PORT [tagged]"...
	document "$@"
	assert_status 0 sdctl config set "$document"
	assert_status 2 sdctl plan "$1" --exit-code -o "$work/$1.plan"
}

# Runs a command that must only look. $output gets its standard output, $said its standard error.
look() { # STATUS COMMAND...
	wanted=$1
	shift
	databases=$(all_databases)
	edits=$(all_transactions)
	status=0
	output=$("$@" 2>"$work/said") || status=$?
	said=$(cat "$work/said")
	assert_equal "exit status of $*: $said" "$wanted" "$status"
	assert_equal "transactions of $*" "$edits" "$(all_transactions)"
	assert_database "after $*" "$databases"
}

assert_tells_leftover() { # WHAT ID STATE
	for words in "deployment $2" "$3" "sdctl recover"; do
		expect assert_contains "$1 says on standard error" "$words" "$said"
	done
}

assert_held() { # WHAT ID, a refusal that was looked at
	for words in "leaf1: held by deployment $2," "sdctl status $2" "sdctl recover"; do
		assert_contains "$1 names the holder" "$words" "$said"
	done
}

assert_nothing_open() {
	assert_status 0 sdctl recover
	assert_contains "nothing is open" "nothing to recover" "$output"
}

lab_up a --leaves 2 --spines 1 --hosts 6
hasten_switches 1
adopt_switches
clean=$(all_databases)

step "the clock set back between two deployments"
deploy blue 100 "leaf1 h1" "leaf2 h2"
after=$(all_databases)
document red 200 "leaf1 h3" "leaf2 h4"
assert_status 0 at_clock -7200 sdctl config set "$document"
assert_status 0 at_clock -7200 sdctl plan red -o "$work/red.plan"
assert_status 0 at_clock -7200 sdctl apply "$work/red.plan"
assert_contains "the newest" " deploy red done" "$(newest_line)"
assert_status 0 sdctl status red
assert_lacks "the clock was back" "started $(date -u +%Y-%m-%dT%H)" "$output"
assert_status 0 at_clock -86400 sdctl rollback last --yes
assert_database "the newest by number is taken back" "$after"
assert_contains "history" " rollback red done" "$(newest_line)"
assert_status 0 sdctl verify blue

step "under way: running; its controller dead: interrupted"
plan_of blue 100 "leaf1 h1 tagged" "leaf2 h2 tagged"
cp "$work/blue.plan" "$work/open.plan"
obstruct leaf2 <<'END'
changes "$@" && hold
END
begin apply "$work/blue.plan"
await_held leaf2
leaf1_has_acted() { [ "$(port_column leaf1 h1 trunks)" = "[100, 4095]" ]; }
await leaf1_has_acted
look 0 sdctl status blue
open=$(newest)
assert_contains "status" "blue: running" "$output"
assert_lacks "nobody needs to recover it" "sdctl recover" "$output$said"
look 0 sdctl history
assert_contains "history" " blue running" "$(printf '%s\n' "$output" | sed -n 2p | tr -s ' ')"
kill_begun
unobstruct leaf2
release leaf2
for command in "status blue" "status $open" history "history blue"; do
	# shellcheck disable=SC2086
	look 0 sdctl $command
	expect assert_contains "$command" interrupted "$output"
	assert_tells_leftover "$command" "$open" interrupted
done

step "looking does not recover, whatever looks"
document green 300 "leaf1 h5" "leaf2 h6"
assert_status 0 sdctl config set "$document"
look 3 sdctl plan blue
assert_held "plan blue" "$open"
for command in "config list" "config show blue" "device list" "device check" "verify green"; do
	status=0
	# shellcheck disable=SC2086
	output=$(sdctl $command 2>"$work/said") || status=$?
	# shellcheck disable=SC2086
	look "$status" sdctl $command
	expect [ "$status" -lt 2 ]
	assert_tells_leftover "$command" "$open" interrupted
done
look 2 sdctl verify blue
assert_tells_leftover "verify blue" "$open" interrupted

step "a third value set by hand stands"
by_hand leaf1 set Port h1 tag=333 trunks=4095 -- clear Port h1 vlan_mode
before=$(all_databases)
for command in "status blue" history "config list"; do
	# shellcheck disable=SC2086
	look 0 sdctl $command
	assert_tells_leftover "$command" "$open" interrupted
done
assert_status 5 sdctl recover
assert_contains "who" "leaf1: " "$output"
assert_contains "what" "neither what it ran before nor what was to be deployed" "$output"
assert_contains "where" "port[h1]/tag" "$output"
expect assert_contains "what to type" "sdctl recover $open --accept" "$output"
assert_equal "the third value" 333 "$(port_column leaf1 h1 tag)"
third=$(all_databases)
look 0 sdctl status blue
assert_contains "status" "blue: attention" "$output"
assert_tells_leftover status "$open" attention
look 3 sdctl plan blue
assert_held "plan blue" "$open"
assert_status 5 sdctl recover "$open"
assert_database "recovered again" "$third"
assert_status 1 sdctl recover 99
assert_status 3 sdctl recover --accept
assert_status 0 sdctl recover "$open" --accept
assert_database "accepted" "$third"
assert_nothing_open
assert_contains "history" " blue accepted" "$(newest_line)"
assert_status 3 sdctl apply "$work/open.plan"
look 2 sdctl plan blue --exit-code
assert_equal "what is said" "" "$said"
carry_out blue
assert_status 0 sdctl verify blue
remove blue
assert_database "without it" "$clean"

step "an old copy of the store, in which a deployment is open, is put back"
deploy blue 100 "leaf1 h1" "leaf2 h2"
plan_of blue 100 "leaf1 h1 tagged" "leaf2 h2 tagged"
die_in_commit leaf2 "$work/blue.plan"
cp -a "$SMARTDEPLOY_HOME" "$work/old"
assert_status 0 sdctl recover
assert_contains "history" " blue rolled-back" "$(newest_line)"
deploy blue 400 "leaf1 h1" "leaf2 h2"
before=$(all_databases)
SMARTDEPLOY_HOME=$work/old
look 0 sdctl status blue
assert_contains "status" "blue: interrupted" "$output"
look 3 sdctl plan blue
assert_status 5 sdctl recover
assert_database "after the recovery from the old copy" "$before"
assert_status 5 sdctl recover
assert_database "again" "$before"
assert_status 0 sdctl recover "$(newest)" --accept
assert_database "accepted" "$before"
SMARTDEPLOY_HOME=$lab_dir/home
assert_status 0 sdctl verify blue
remove blue
assert_database "without it" "$clean"

# --- apply --recover and rollback --recover ---

step "--recover takes a leftover on the plan's switches first, and no other"
deploy base 500 "leaf1 h1"
base=$(newest)
plan_of near 600 "leaf1 h3"
plan_of far 700 "leaf2 h2" "leaf2 h4"
plan_of next 800 "leaf1 h5"
assert_status 0 sdctl config set "$work/near.json"
assert_status 2 sdctl plan near --exit-code -o "$work/near.plan"
before=$(all_databases)
die_in_commit leaf1 "$work/near.plan"
near=$(newest)
look 3 sdctl apply "$work/next.plan"
assert_held "apply" "$near"
assert_status 0 sdctl apply "$work/next.plan" --recover
assert_contains "the leftover's end" rolled-back "$(sdctl status "$near")"
assert_status 0 sdctl verify next
assert_nothing_open
remove next

step "a leftover elsewhere is told and left alone, though its switch cannot be reached"
die_in_commit leaf2 "$work/far.plan"
far=$(newest)
kill_sshd leaf2
plan_of next 800 "leaf1 h5"
assert_contains "plan" "deployment $far" "$output"
assert_status 0 sdctl apply "$work/next.plan"
said=$output
assert_tells_leftover apply "$far" interrupted
remove next
plan_of next 800 "leaf1 h5"
assert_status 0 sdctl apply "$work/next.plan" --recover
assert_contains "apply --recover" "deployment $far" "$output"
assert_status 0 sdctl rollback last --yes --recover
assert_contains "rollback --recover" "deployment $far" "$output"
assert_contains "the leftover" interrupted "$(sdctl status "$far" 2>&1)"
assert_status 5 sdctl recover
assert_status 0 "$LAB" start --name "$lab" leaf2

step "rollback --recover"
plan_of near 600 "leaf1 h3"
die_in_commit leaf1 "$work/near.plan"
near=$(newest)
look 3 sdctl rollback "$base"
assert_held "rollback" "$near"
assert_status 0 sdctl rollback "$base" --yes --recover
assert_contains "the leftover's end" rolled-back "$(sdctl status "$near")"
assert_contains "the other leftover" "$far" "$output"
assert_status 0 sdctl recover
assert_contains "the other leftover's end" rolled-back "$(sdctl status "$far")"
assert_database "in the end" "$clean"
