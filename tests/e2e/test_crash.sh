#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Kills the controller at each journal write, send and receive of a deployment over two switches,
# and of a rollback. After the next start all switches have the old or all have the new state, and
# the history tells which.
# usage: test_crash.sh [apply|rollback|recover [N]]   only this part, only its N-th point
# The parts are independent and mostly wait. Without an argument all run side by side, each in its
# own lab.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab
part=${1:-}
only=${2:-}
missed_points=0

run_all() {
	set --
	for one in apply rollback recover; do
		sh "$0" "$one" >"$work/$one" 2>&1 &
		set -- "$@" $!
	done
	# shellcheck disable=SC2064
	trap "kill $* 2>/dev/null; exit 143" INT TERM HUP
	worst=0
	for one in apply rollback recover; do
		status=0
		wait "$1" || status=$?
		shift
		cat "$work/$one"
		[ "$status" = 0 ] || worst=$status
	done
	exit "$worst"
}

[ -n "$part" ] || run_all

# Two states of one domain, which differ on two switches; the spine between them stays.
wish() { # a|b
	case $1 in
	a) document blue 100 "leaf1 h1" "leaf2 h2" ;;
	b) document blue 100 "leaf1 h1 tagged" "leaf2 h2 tagged" ;;
	esac
	assert_status 0 sdctl config set "$document"
}

# The VLANs of the ports of all switches.
ports() {
	for d in leaf1 leaf2 spine1; do
		ovsdb-client dump "unix:$lab_dir/$d/run/openvswitch/db.sock" Open_vSwitch Port \
			name tag trunks vlan_mode cvlans
	done
}

# Sets $state to the state that the switches are in: a, b or a mixture.
find_state() {
	now=$(ports)
	case $now in
	"$ports_a") state=a ;;
	"$ports_b") state=b ;;
	*) state=mixture ;;
	esac
}

other() { case $1 in a) echo b ;; b) echo a ;; esac; }

plan_for() { # a|b
	wish "$1"
	assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
	assert_equal "devices of the plan" "leaf1 leaf2" "$(planned_devices "$output")"
}

# Runs a command that is killed at its N-th point. Sets $point (where) and $status.
die_at() { # N COMMAND...
	n=$1
	shift
	: >"$work/points"
	status=0
	SMD_CRASH_AT=$n SMD_CRASH_LOG=$work/points "$@" >"$work/died" 2>&1 || status=$?
	point=$(sed -n "s/^$n \([a-z]* [a-z0-9]*\).*/\1/p" "$work/points")
}

count_points() { # COMMAND...
	: >"$work/points"
	assert_status 0 env SMD_CRASH_LOG="$work/points" "$@"
	wc -l <"$work/points"
}

tell() { printf '%-9s %3s  %-18s %s\n' "$@"; }

bad_point() { # PART N POINT WHAT
	missed_points=$((missed_points + 1))
	tell "$1" "$2" "$3" "FAILED: $4"
}

# Prints what is wrong after recovery; nothing if everything is correct.
untruth() { # OLD NEW OUTCOME-OF-NEW LAST-BEFORE
	[ $recovered = 0 ] || { echo "recover ended with $recovered: $(cat "$work/recovered")"; return; }
	line=$(newest_line)
	case $state in
	"$1") case $line in "$4" | *" blue rolled-back"*) ;; *) echo "all old, but history says: $line" ;; esac ;;
	"$2") [ "${line#* }" = "$3" ] || echo "all new, but history says: $line" ;;
	*) echo "neither old nor new: $now" ;;
	esac
	line=$(sdctl recover 2>&1)
	[ "$line" = "nothing to recover" ] || echo "something is still open: $line"
}

# Recovers, and asserts that all switches are in state OLD or NEW, as the history says.
settle() { # PART OLD NEW OUTCOME-OF-NEW LAST-BEFORE
	find_state
	case $state in "$2") left=old ;; "$3") left=new ;; *) left=mixture ;; esac
	recovered=0
	sdctl recover >"$work/recovered" 2>&1 || recovered=$?
	find_state
	wrong=$(untruth "$2" "$3" "$4" "$5")
	if [ -n "$wrong" ]; then
		bad_point "$1" "$n" "$point" "$wrong"
		heal
	else
		tell "$1" "$n" "$point" "left $left, recovered all $([ "$state" = "$2" ] && echo old || echo new)"
	fi
}

# Restores the switches after a failed point, so that the next point is tested by itself.
heal() {
	for d in leaf1 leaf2 spine1; do
		for p in $(by_hand "$d" list-ports br0); do
			by_hand "$d" set Port "$p" trunks=4095 -- clear Port "$p" tag
		done
	done
	rm -rf -- "${lab_dir:?}/home"
	mkdir "$lab_dir/home"
	adopt_lab
	deploy blue 100 "leaf1 h1" "leaf2 h2"
	state=a
}

points_of() { # COUNT
	if [ -n "$only" ]; then echo "$only"; else seq "$1"; fi
}

was_killed() { # PART
	[ "$status" = 137 ] && return 0
	if [ "$status" = 0 ] && [ "$(wc -l <"$work/points")" -lt "$n" ]; then
		tell "$1" "$n" "(not reached)" "done"
	else
		bad_point "$1" "$n" "$point" "ended with $status: $(cat "$work/died")"
	fi
	return 1
}

lab_up a --leaves 2 --spines 1 --hosts 2
hasten_switches 1
adopt_lab
ports_a=''
ports_b=''
deploy blue 100 "leaf1 h1" "leaf2 h2"
ports_a=$(ports)
wish b
carry_out blue
ports_b=$(ports)
plan_for a
apply_points=$(count_points sdctl apply "$work/blue.plan")
[ "$apply_points" -gt 10 ] || skip "this build has no crash points (SMD_CRASH_POINTS)"
find_state
assert_equal "the state to begin with" a "$state"

if [ "$part" = apply ]; then
	step "killed at each of the $apply_points points of an apply"
	for i in $(points_of "$apply_points"); do
		from=$state
		plan_for "$(other "$from")"
		last=$(newest_line)
		die_at "$i" sdctl apply "$work/blue.plan"
		was_killed apply || { find_state; continue; }
		settle apply "$from" "$(other "$from")" "deploy blue done" "$last"
	done
fi

if [ "$part" = rollback ]; then
	plan_for "$(other "$state")"
	assert_status 0 sdctl apply "$work/blue.plan"
	find_state
	from=$state
	rollback_points=$(count_points sdctl rollback last --yes)
	step "killed at each of the $rollback_points points of a rollback"
	for i in $(points_of "$rollback_points"); do
		find_state
		if [ "$state" != "$from" ]; then
			plan_for "$from"
			assert_status 0 sdctl apply "$work/blue.plan"
		fi
		last=$(newest_line)
		die_at "$i" sdctl rollback last --yes
		was_killed rollback || continue
		settle rollback "$from" "$(other "$from")" "rollback blue done" "$last"
	done
	find_state
fi

if [ "$part" = recover ]; then
	# The controller is killed after the first command was sent to a switch.
	plan_for "$(other "$state")"
	count_points sdctl apply "$work/blue.plan" >"$work/count"
	death=$(sed '1,/ phase commit/d' "$work/points" | sed -n 's/^\([0-9]*\) send leaf.*/\1/p' | sed -n 2p)
	death=$((death + 1))
	find_state
	step "killed at point $death of an apply, then at each point of its recovery"
	i=${only:-1}
	while :; do
		from=$state
		plan_for "$(other "$from")"
		last=$(newest_line)
		die_at "$death" sdctl apply "$work/blue.plan"
		assert_equal "exit status of the apply" 137 "$status"
		die_at "$i" sdctl recover
		ended=$status
		[ "$ended" = 137 ] || point='(not reached)'
		settle recover "$from" "$(other "$from")" "deploy blue done" "$last"
		[ "$ended" = 137 ] || break
		[ -z "$only" ] || break
		i=$((i + 1))
	done
fi

[ $missed_points = 0 ] || fail "$missed_points points end in neither all-old nor all-new, or untruly"
