#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What comes late or between on real switches: a command that begins behind the controller's
# deadline, another controller's or a person's edit between two steps of a deployment, a home
# without room. No value of others is lost, and the exit status is true.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab

# --- A command that is held on its way ---

# Holds a switch's next changing command before its ovs-vsctl begins, as a slow login shell does.
# The process that is held becomes that ovs-vsctl.
hold_command() { # SWITCH
	obstruct "$1" <<'END'
changes "$@" && {
	echo "$$" >/run/held
	read -r _ </run/go
	exec /usr/bin/ovs-vsctl "$@"
}
END
}

# Waits until it is held; $held gets its process.
await_command() { # SWITCH
	held=$(timeout 20 cat "$lab_dir/$1/run/held") || fail "$1 was not sent the command within 20 s"
	unobstruct "$1"
	kill -0 "$held" || fail "the command at $1 is not held"
}

has_ended() { [ ! -e "/proc/$1/exe" ]; } # PROCESS; one that nobody waits for has ended, too

# Lets the held command run, and waits for its end.
release_command() { # SWITCH
	release "$1"
	await has_ended "$held"
}

plan_of() { # NAME VLAN "DEVICE PORT [tagged]"...
	document "$@"
	assert_status 0 sdctl config set "$document"
	assert_status 2 sdctl plan "$1" --exit-code -o "$work/$1.plan"
}

assert_nothing_open() {
	recovered=0
	said=$(sdctl recover 2>&1) || recovered=$?
	assert_equal "nothing is open: $recovered" "nothing to recover" "$said"
}

# Asserts how sdctl in the background ended; the test goes on if it did otherwise.
expect_ended() { # STATUSES
	end_of
	expect one_of "$1"
}

one_of() { # STATUSES
	case " $1 " in *" $status "*) ;; *) fail "sdctl
  expected: exit status $1
  actual:   exit status $status
$output" ;; esac
}

assert_not_done() { # WHAT CONFIGURATION
	assert_lacks "$1: history" " $2 done" "$(newest_line)"
}

lab_up a --leaves 2 --spines 1 --hosts 6
hasten_switches 1
adopt_switches
clean=$(all_databases)

step "a command that a switch begins behind our deadline does nothing"
plan_of blue 100 "leaf1 h1" "leaf2 h2"
before=$(all_databases)
hold_command leaf2
begin apply "$work/blue.plan"
await_command leaf2
assert_ended 4
kill -0 "$held" || fail "the command is not held any more"
assert_database "when it was given up" "$before"
assert_nothing_open
edits=$(all_transactions)
release_command leaf2
assert_database "when the late command has ended" "$before"
assert_equal "transactions" "$edits" "$(all_transactions)"
assert_nothing_open
carry_out blue
assert_status 0 host_ping h1 h2

step "a late command of an edit, in front of which another deployment was done"
plan_of blue 100 "leaf1 h1" "leaf2 h2" "leaf2 h4"
before=$(all_databases)
hold_command leaf2
begin apply "$work/blue.plan"
await_command leaf2
late=$held
assert_ended 4
plan_of blue 100 "leaf1 h1" "leaf2 h4"
assert_status 0 sdctl apply "$work/blue.plan"
after=$(all_databases)
edits=$(all_transactions)
held=$late
release_command leaf2
assert_database "when the late command has ended" "$after"
assert_equal "transactions" "$edits" "$(all_transactions)"
assert_status 0 sdctl verify blue
remove blue
assert_database "without it" "$clean"

# --- Two controllers, and people ---

leaf1_is_tagged() { [ "$(port_column leaf1 h1 tag)" = 100 ]; }

# A controller of its own. TIMEOUT is how long it lets a switch take for a command.
use_home() { # NAME [TIMEOUT]
	sed -i 's/"timeout", "value": "[0-9]*"/"timeout", "value": "'"${2:-1}"'"/' \
		"$lab_dir/inventory.json"
	SMARTDEPLOY_HOME=$work/$1
	[ -d "$SMARTDEPLOY_HOME" ] || { mkdir "$SMARTDEPLOY_HOME"; adopt_switches; }
}

step "two controllers plan for the same ports: the second one is refused"
use_home first
plan_of blue 100 "leaf1 h1" "leaf2 h2"
use_home second
plan_of red 200 "leaf1 h1" "leaf2 h2"
use_home first
assert_status 0 sdctl apply "$work/blue.plan"
after=$(all_databases)
use_home second
assert_status 3 sdctl apply "$work/red.plan"
assert_not_done "the second" red
assert_database "after the refusal" "$after"
use_home first
assert_status 0 sdctl verify blue
assert_status 0 sdctl rollback last --yes
assert_database "taken back" "$clean"

step "two controllers, whose deployments have the same number, in the commit at the same time"
use_home third 20
plan_of blue 100 "leaf1 h1" "leaf2 h2"
use_home fourth 20
plan_of red 200 "leaf1 h1" "leaf2 h2"
use_home third
hold_command leaf2
begin apply "$work/blue.plan"
await_command leaf2
await leaf1_is_tagged
use_home fourth
status=0
output=$(sdctl apply "$work/red.plan" 2>&1) || status=$?
case $status in 3 | 4) ;; *) fail "the second ended with $status: $output" ;; esac
use_home third
release_command leaf2
assert_ended 0
assert_status 0 sdctl verify blue
assert_equal "the same number" "$(newest)" 1
assert_status 0 sdctl rollback last --yes
assert_database "taken back" "$clean"

# The first cannot always know that its command did not act before the other one's: then it needs
# attention.
step "a whole deployment of another controller while the command is on its way"
use_home fifth
plan_of blue 100 "leaf1 h1" "leaf1 h3"
use_home sixth
plan_of red 200 "leaf1 h1" "leaf1 h3"
use_home fifth
hold_command leaf1
begin apply "$work/blue.plan"
await_command leaf1
use_home sixth
assert_status 0 sdctl apply "$work/red.plan"
after=$(all_databases)
use_home fifth
release_command leaf1
assert_ended "3 4 5"
assert_not_done "the first" blue
assert_database "what the other controller did stands" "$after"
[ "$status" != 5 ] || assert_status 0 sdctl recover "$(newest)" --accept
assert_nothing_open
assert_database "what the other controller did still stands" "$after"
use_home sixth
assert_status 0 sdctl verify red
assert_status 0 sdctl rollback last --yes
assert_database "taken back" "$clean"

step "a person's edit between the recheck and the commit"
use_home seventh
plan_of blue 100 "leaf1 h1" "leaf2 h2"
hold_command leaf2
begin apply "$work/blue.plan"
await_command leaf2
by_hand leaf2 set Port h2 tag=333
release_command leaf2
expect_ended "3 4"
assert_not_done "the deployment" blue
assert_equal "the person's value" 333 "$(port_column leaf2 h2 tag)"
expect assert_nothing_open
by_hand leaf2 set Port h2 trunks=4095 -- clear Port h2 tag
assert_database "put back by hand" "$clean"

step "a person's edit on a switch that begins the command behind our deadline"
use_home ninth
plan_of blue 100 "leaf1 h1" "leaf2 h2"
hold_command leaf2
begin apply "$work/blue.plan"
await_command leaf2
by_hand leaf2 set Port h2 tag=333
# Nobody can say whether the person or the command came first, so a person has to look.
expect_ended 5
assert_not_done "the deployment" blue
release_command leaf2
assert_equal "the person's value" 333 "$(port_column leaf2 h2 tag)"
by_hand leaf2 set Port h2 trunks=4095 -- clear Port h2 tag
assert_database "put back by hand" "$clean"
assert_status 0 sdctl recover
assert_nothing_open

step "a person's edit between the commit and the reading"
use_home eighth
plan_of blue 100 "leaf1 h1" "leaf2 h2"
obstruct leaf2 <<'END'
changes "$@" && {
	real "$@"
	hold
	exit 0
}
END
begin apply "$work/blue.plan"
await_held leaf2
unobstruct leaf2
by_hand leaf2 set Port h2 tag=333
release leaf2
assert_ended 5
assert_not_done "the deployment" blue
assert_equal "the person's value" 333 "$(port_column leaf2 h2 tag)"
assert_status 5 sdctl recover
assert_equal "the person's value after recovery" 333 "$(port_column leaf2 h2 tag)"
by_hand leaf2 set Port h2 tag=100
assert_status 0 sdctl recover
assert_database "brought to one of the two by hand, and recovered" "$clean"
assert_contains "history" " blue rolled-back" "$(newest_line)"

step "rolling back over a tag that a person set"
carry_out blue
by_hand leaf2 set Port h2 tag=333
before=$(all_databases)
assert_status 3 sdctl rollback last
assert_contains "the device" leaf2 "$output"
assert_contains "the path" "port[h2]/tag" "$output"
assert_database "after the refusal" "$before"
by_hand leaf2 set Port h2 tag=100

step "a person's edit on a switch that the plan leaves as it is"
plan_of blue 100 "leaf1 h1" "leaf2 h2" "leaf1 h3"
assert_equal "devices of the plan" leaf1 "$(planned_devices "$output")"
by_hand leaf2 set Port h2 tag=333
before=$(all_databases)
status=0
output=$(sdctl apply "$work/blue.plan" 2>&1) || status=$?
expect one_of "3 4"
assert_contains "where" leaf2 "$output"
assert_database "after the refusal" "$before"
by_hand leaf2 set Port h2 tag=100

step "a person's edit, and a plan with nothing to do"
assert_status 0 sdctl config set "$work/blue.json"
document blue 100 "leaf1 h1" "leaf2 h2"
assert_status 0 sdctl config set "$document"
assert_status 0 sdctl plan blue -o "$work/nothing.plan"
assert_contains "the plan" "Nothing to do" "$output"
by_hand leaf2 set Port h2 tag=333
before=$(all_databases)
status=0
output=$(sdctl apply "$work/nothing.plan" 2>&1) || status=$?
expect one_of "3 4"
assert_contains "where" leaf2 "$output"
assert_database "after the refusal" "$before"
by_hand leaf2 set Port h2 tag=100
assert_status 0 sdctl verify blue
remove blue
assert_database "without it" "$clean"

step "a host that was silent before, and a proof that is required"
assert_status 0 sdctl device import "$lab_dir/inventory.json"
kill_sshd h2
plan_of blue 100 "leaf1 h1" "leaf2 h2"
assert_status 4 sdctl apply "$work/blue.plan" --require-proof
assert_contains "why" "a proof is required" "$output"
assert_contains "who" h2 "$output"
assert_database "after the rollback" "$clean"
assert_nothing_open
assert_status 0 "$LAB" start --name "$lab" h2
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
assert_status 0 sdctl apply "$work/blue.plan" --require-proof
remove blue
assert_database "without it" "$clean"

# --- A home without room ---

small_home() { # from now on it is on a small disk of its own
	mkdir "$work/small"
	mount -t tmpfs -o size=16m tmpfs "$work/small"
	# shellcheck disable=SC2154
	trap 'ended=$?; umount -l "$work/small"; finish $ended' EXIT
	SMARTDEPLOY_HOME=$work/small/home
	mkdir "$SMARTDEPLOY_HOME"
	adopt_switches
}

fill_disk() { # KIB that are left
	! dd if=/dev/zero of="$work/small/filler" bs=4k 2>"$work/filled" || fail "the disk is not full"
	truncate -s "-$1K" "$work/small/filler"
}

free_disk() { rm "$work/small/filler"; }

step "no room for a beginning: nothing is begun"
small_home
edits=$(all_transactions)
plan_of blue 100 "leaf1 h1" "leaf2 h2"
for room in 0 64 512; do
	fill_disk $room
	status=0
	output=$(sdctl apply "$work/blue.plan" 2>&1) || status=$?
	free_disk
	one_of "1 3"
	assert_contains "with $room KiB" "No space left on device" "$output"
	[ $room = 0 ] || assert_contains "with $room KiB" "nothing was begun" "$output"
	assert_equal "transactions" "$edits" "$(all_transactions)"
	assert_nothing_open
done
assert_database "nothing was begun" "$clean"

# The records of the way back have their room from the beginning.
for end in "an operator stops it" "a switch refuses" "nothing else"; do
	step "the room is used up in the middle, and $end"
	assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
	hold_command leaf2
	begin apply "$work/blue.plan"
	await_command leaf2
	await leaf1_is_tagged
	fill_disk 0
	case $end in
	"an operator stops it")
		kill -TERM "$begun"
		await grep -q 'going back' "$work/begun"
		;;
	"a switch refuses") by_hand leaf2 --if-exists clear Bridge br0 external_ids ;;
	esac
	release_command leaf2
	end_of
	[ "$end" = "nothing else" ] && ends="0 4" || ends=4
	expect one_of "$ends"
	free_disk
	assert_nothing_open
	[ "$status" != 0 ] || assert_status 0 sdctl rollback last --yes
	assert_database "$end" "$clean"
	assert_not_done "$end" "deploy blue"
done
carry_out blue
remove blue
assert_database "in the end" "$clean"
