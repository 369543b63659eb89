#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Failures during a deployment: a switch that refuses, disappears or forwards nothing. In all
# cases every switch has its old state afterwards, and the messages are true.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab

edits=''
# The state before each step, which must be restored after it.
remember() {
	before=$(all_databases)
	edits=$(all_transactions)
}

has_acted() { # SWITCH
	[ "$(transactions "$1")" -gt "$(printf '%s\n' "$edits" | sed -n "s/^$1 //p")" ]
}

plan_of() { # NAME VLAN "DEVICE PORT"...
	document "$@"
	assert_status 0 sdctl config set "$document"
	assert_status 2 sdctl plan "$1" --exit-code -o "$work/$1.plan"
}

assert_rolled_back() { # WHAT WORDS...
	assert_database "$1" "$before"
	assert_contains "history" " blue rolled-back" "$(newest_line)"
	assert_status 0 sdctl status "$(newest)"
	assert_contains "status" rolled-back "$output"
	what=$1
	shift
	for words in "$@"; do assert_contains "status: $what" "$words" "$output"; done
	assert_status 0 sdctl recover
	assert_contains "nothing is open" "nothing to recover" "$output"
}

lab_up a --leaves 2 --spines 1 --hosts 5
hasten_switches 3
adopt_lab

step "one switch's sshd killed after the plan"
plan_of blue 100 "leaf1 h1" "leaf2 h2"
remember
kill_sshd leaf2
assert_status 4 sdctl apply "$work/blue.plan"
assert_contains "the message" leaf2 "$output"
assert_database "after the failure" "$before"
assert_equal "transactions" "$edits" "$(all_transactions)"
assert_lacks "history" " blue done" "$(newest_line)"
assert_status 0 "$LAB" start --name "$lab" leaf2
assert_status 0 sdctl recover

# One switch refuses after the others have made the change.
refuse_on_leaf2() {
	obstruct leaf2 <<'END'
changes "$@" && { hold; echo "ovs-vsctl: the switch is on fire" >&2; exit 1; }
END
	begin apply "$work/blue.plan"
	await_held leaf2
	await has_acted leaf1
	await has_acted spine1
	release leaf2
	assert_ended 4
	unobstruct leaf2
	assert_contains "the message names the device" "leaf2: " "$output"
	assert_contains "the switch's own words" "the switch is on fire" "$output"
	assert_contains "what was done about it" rolled-back "$output"
	assert_rolled_back "after a refusal" leaf2 "the switch is on fire"
}

step "a command refused by one switch, when the others have acted"
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
remember
refuse_on_leaf2
assert_status 1 host_ping h1 h2

step "nothing is in the way of the next deployment"
carry_out blue
assert_status 0 host_ping h1 h2

step "a refusal in the middle of an edit: the domain works on as before"
plan_of blue 100 "leaf1 h3" "leaf2 h4"
remember
obstruct leaf2 <<'END'
changes "$@" && { hold; echo "ovs-vsctl: the switch is on fire" >&2; exit 1; }
END
begin apply "$work/blue.plan"
await_held leaf2
await has_acted leaf1
assert_status 1 host_ping h1 h2
release leaf2
assert_ended 4
unobstruct leaf2
assert_contains "the switch's own words" "the switch is on fire" "$output"
assert_rolled_back "after a refused edit" leaf2
assert_status 0 host_ping h1 h2
assert_status 1 host_ping h3 h4
assert_status 0 sdctl verify blue

step "a refusal in the middle of a removal"
assert_status 0 sdctl config remove blue
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
remember
refuse_on_leaf2
assert_status 0 host_ping h1 h2

step "a refusal in the middle of a rollback"
assert_status 0 sdctl config set "$work/blue.json"
carry_out blue
remember
obstruct leaf2 <<'END'
changes "$@" && { hold; echo "ovs-vsctl: the switch is on fire" >&2; exit 1; }
END
begin rollback last --yes
await_held leaf2
await has_acted leaf1
release leaf2
assert_ended 4
unobstruct leaf2
assert_contains "the switch's own words" "the switch is on fire" "$output"
assert_rolled_back "after a refused rollback" leaf2
assert_status 0 host_ping h3 h4
remove blue

step "a proof that fails: the switches run what was wanted, but do not forward it"
plan_of blue 100 "leaf1 h1" "leaf2 h2"
remember
lab_exec spine1 ovs-ofctl add-flow br0 priority=100,dl_vlan=100,actions=drop
assert_status 4 sdctl apply "$work/blue.plan"
assert_contains "the message" "h1 reaches h2" "$output"
assert_rolled_back "after a proof that failed" "h1 reaches h2"
lab_exec spine1 ovs-ofctl --strict del-flows br0 priority=100,dl_vlan=100

step "a proof that fails in an edit: the domain works on as before"
carry_out blue
plan_of blue 100 "leaf1 h1" "leaf2 h4"
remember
lab_exec leaf2 ovs-ofctl add-flow br0 priority=100,in_port=h4,actions=drop
assert_status 4 sdctl apply "$work/blue.plan"
assert_rolled_back "after a proof that failed" h4
assert_status 0 host_ping h1 h2
lab_exec leaf2 ovs-ofctl --strict del-flows br0 priority=100,in_port=h4
remove blue

step "a leak: a host outside hears the domain"
plan_of blue 100 "leaf1 h1" "leaf2 h2"
remember
lab_exec leaf1 ovs-ofctl add-flow br0 priority=100,in_port=h1,actions=normal,output:h3
assert_status 4 sdctl apply "$work/blue.plan"
assert_contains "the message" "blue is not heard by h3" "$output"
lab_exec leaf1 ovs-ofctl --strict del-flows br0 priority=100,in_port=h1
assert_rolled_back "after a leak" "blue is not heard by h3"

# Asserts that what the exit status says is true; after recovery all switches have the old or all
# have the new state.
assert_truth() { # WHAT
	case $status in
	0) assert_equal "$1: new" "$new" "$(all_databases)" ;;
	4) assert_database "$1: exit status 4" "$before" ;;
	5)
		assert_contains "$1: history" " blue attention" "$(newest_line)"
		assert_contains "$1: who needs attention" leaf2 "$output"
		assert_contains "$1: what to do" "sdctl recover" "$output"
		;;
	esac
	assert_status 0 "$LAB" start --name "$lab" leaf2
	assert_status 0 sdctl recover
	if [ "$(all_databases)" = "$new" ]; then
		assert_contains "$1: history" " blue done" "$(newest_line)"
		assert_status 0 sdctl verify blue
	else
		assert_database "$1: neither new nor old" "$before"
		assert_contains "$1: history" " blue rolled-back" "$(newest_line)"
	fi
	assert_status 0 sdctl recover
	assert_contains "nothing is open" "nothing to recover" "$output"
}

back_to_old() {
	[ "$(all_databases)" = "$before" ] || assert_status 0 sdctl rollback last --yes
	assert_database "back to the old state" "$before"
}

assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
remember
assert_status 0 sdctl apply "$work/blue.plan"
new=$(all_databases)
back_to_old

for moment in before after; do
	step "sshd and its sessions killed in the middle of the commit, $moment the switch acts"
	assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
	remember
	{
		[ $moment = before ] || echo 'changes "$@" && real "$@"'
		echo 'changes "$@" && { hold; exit 0; }'
	} | obstruct leaf2
	begin apply "$work/blue.plan"
	await_held leaf2
	await has_acted leaf1
	await has_acted spine1
	kill_sshd leaf2
	release leaf2
	assert_ended "4 5"
	unobstruct leaf2
	assert_truth "sshd killed $moment"
	back_to_old

	step "only the session killed, $moment the switch acts: the controller logs in again and reads"
	assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
	remember
	{
		[ $moment = before ] || echo 'changes "$@" && real "$@"'
		cat <<'END'
changes "$@" && {
	rm -f /run/obstacle 2>/dev/null
	p=$$
	until [ "$(cat /proc/$p/comm)" = sshd ]; do p=$(sed -n 's/^PPid:.//p' /proc/$p/status); done
	kill -9 "$p"
	exit 0
}
END
	} | obstruct leaf2
	begin apply "$work/blue.plan"
	assert_ended "0 4"
	unobstruct leaf2
	assert_truth "session killed $moment"
	back_to_old
done

step "the operator stops it in the middle"
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
remember
obstruct leaf2 <<'END'
changes "$@" && hold
END
begin apply "$work/blue.plan"
await_held leaf2
await has_acted leaf1
kill -TERM "$begun"
await grep -q 'going back' "$work/begun"
unobstruct leaf2
release leaf2
assert_ended 4
assert_contains "why" interrupted "$output"
assert_rolled_back "after the stop"

step "the operator's terminal goes away in the middle"
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
remember
obstruct leaf2 <<'END'
changes "$@" && hold
END
begin apply "$work/blue.plan"
await_held leaf2
await has_acted leaf1
kill -HUP "$begun"
await grep -q 'going back' "$work/begun"
unobstruct leaf2
release leaf2
assert_ended 4
assert_contains "why" interrupted "$output"
assert_rolled_back "after the hangup"

step "a reader of standard error that pauses stops nothing"
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
remember
mkfifo "$work/slow"
exec 8<>"$work/slow"
dd if=/dev/zero of="$work/slow" bs=1 oflag=nonblock 2>"$work/full" || :
timeout --foreground 120 sdctl apply "$work/blue.plan" >"$work/begun" 2>"$work/slow" 8>&- &
begun=$!
is_done() { newest_line | grep -q ' blue done'; }
await is_done
kill -0 "$begun" || fail "it did not wait for its reader"
exec 9<"$work/slow" 8>&-
cat <&9 >"$work/told"
exec 9<&-
assert_ended 0
assert_contains "what was told" "Decided: keep it" "$(tr -d '\0' <"$work/told")"
assert_status 0 sdctl rollback last --yes
assert_database "back to the old state" "$before"

step "the undo is refused, too: it needs attention, and recovery ends it"
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
remember
obstruct leaf1 <<'END'
case " $* " in *" remove "* | *" clear "*) echo "ovs-vsctl: no way back" >&2; exit 1 ;; esac
END
obstruct leaf2 <<'END'
changes "$@" && { hold; echo "ovs-vsctl: the switch is on fire" >&2; exit 1; }
END
begin apply "$work/blue.plan"
await_held leaf2
await has_acted leaf1
release leaf2
assert_ended 5
assert_contains "who needs attention" leaf1 "$output"
assert_contains "why" "no way back" "$output"
assert_contains "what to do" "sdctl recover" "$output"
assert_contains "history" " blue attention" "$(newest_line)"
assert_status 3 sdctl plan blue
assert_contains "the devices are held" "sdctl recover" "$output"
unobstruct leaf2
assert_status 5 sdctl recover
assert_contains "still refused" "no way back" "$output"
unobstruct leaf1
assert_status 0 sdctl recover
assert_rolled_back "after recovery"
carry_out blue
assert_status 0 host_ping h1 h2
