#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Real routers that cannot save, run what somebody entered meanwhile, or have a line on its way
# from a controller that died.
# shellcheck source-path=SCRIPTDIR source=routers.sh
. "$(dirname -- "$0")/routers.sh"
need_routers
need cc gcc

keep() { # NAME [ROUTER LINES]...
	native "$@"
	assert_status 0 sdctl config set "$document"
}

plan_of() { # NAME
	assert_status 2 sdctl plan "$1" --exit-code -o "$work/$1.plan"
}

# Whether a router can save is a matter of its folder: its daemons are not root.
saving() { # ROUTER fails|works
	case $2 in fails) owner=root ;; works) owner=frr ;; esac
	chown -R "$owner:$owner" "/etc/frr/$(router_space "$1")"
}

runs() { # ROUTER LINE
	router_running "$1" | grep -qxF -- "$2"
}

saved() { # ROUTER LINE
	router_saved "$1" | grep -qxF -- "$2"
}

assert_nothing_open() {
	assert_status 0 sdctl recover
	assert_contains "nothing is open" "nothing to recover" "$output"
}

line_deadline=4
routers_up r1 r2
assert_status 0 sdctl device import "$work/inventory.json"
assert_status 0 sdctl device check

step "one router cannot save what both run"
keep both r1 'ip route 192.0.2.0/24 Null0' r2 'ip route 192.0.2.64/26 Null0'
plan_of both
saving r2 fails
assert_status 5 sdctl apply "$work/both.plan"
runs r1 'ip route 192.0.2.0/24 Null0' || fail "r1 does not run the line"
runs r2 'ip route 192.0.2.64/26 Null0' || fail "r2 does not run the line"
saved r1 'ip route 192.0.2.0/24 Null0' || fail "r1 has not saved the line"
! saved r2 'ip route 192.0.2.64/26 Null0' || fail "r2 has saved the line"
assert_contains "who" "r2: " "$output"
assert_contains "history" " both attention" "$(newest_line)"
assert_status 0 sdctl status both
outcome_of() { printf '%s\n' "$output" | sed -n "s/^    $1  *\([a-z-]*\).*/\1/p"; } # ROUTER
assert_equal "the outcome of r1" "done" "$(outcome_of r1)"
assert_equal "the outcome of r2" attention "$(outcome_of r2)"
assert_lacks "both run what was wanted" rolled-back "$output"
assert_status 5 sdctl recover
runs r2 'ip route 192.0.2.64/26 Null0' || fail "r2 does not run the line after recovery"
saving r2 works
assert_status 0 sdctl recover
saved r2 'ip route 192.0.2.64/26 Null0' || fail "r2 has not saved the line"
assert_contains "history" " both done" "$(newest_line)"
assert_status 0 sdctl status both
assert_equal "the outcome of r2" "done" "$(outcome_of r2)"
assert_nothing_open
assert_status 0 sdctl verify both

step "somebody's line on a router that the plan leaves as it is"
keep both r1 'ip route 192.0.2.0/25 Null0' r2 'ip route 192.0.2.64/26 Null0'
plan_of both
echo 'no ip route 192.0.2.64/26 Null0' | router_by_hand r2
before=$(all_running)
status=0
output=$(sdctl apply "$work/both.plan" 2>&1) || status=$?
case $status in 3 | 4) ;; *) fail "apply ended with $status" ;; esac
assert_contains "who" r2 "$output"
assert_running "after the refusal" "$before"
echo 'ip route 192.0.2.64/26 Null0' | router_by_hand r2


# --- A controller that died with a line on its way ---

many_routes() { # FIRST LAST
	seq "$1" "$2" | sed 's|.*|ip route 10.&.0.0/16 Null0|'
}

# Kills the controller while a line is on its way to r2, whose staticd does not answer, and r1 has
# been sent all that it is to run.
die_with_a_line() { # PLAN
	staticd=$(cat "/run/frr/$(router_space r2)/staticd.pid")
	forget_entered
	begin apply "$1"
	await r2_has_lines
	kill -STOP "$staticd"
	await r1_has_lines
	kill_begun
	died=$(uptime_s)
}

r1_has_lines() { entered r1 | grep -q 'ip route\|description'; }
r2_has_lines() { entered r2 | grep -q 'ip route'; }

uptime_s() { cut -d. -f1 /proc/uptime; }

# Recovers by a wrong clock, when the router answers again.
recover_at_clock() { # SECONDS
	at_clock "$1" sdctl recover >"$work/recovered" 2>&1 &
	recovering=$!
	kill -CONT "$staticd"
	status=0
	wait "$recovering" || status=$?
	output=$(cat "$work/recovered")
	rested=$(($(uptime_s) - died))
}

old=$(all_running)
keep both r1 'ip route 192.0.2.0/25 Null0' r2 "$(many_routes 1 200)"
for clock in 3600 -3600; do
	step "recovery by a clock that is wrong by $clock s waits until the line has had its time"
	plan_of both
	die_with_a_line "$work/both.plan"
	recover_at_clock $clock
	assert_equal "exit status of recover: $output" 0 "$status"
	[ "$rested" -ge $((line_deadline - 1)) ] || fail "it waited only for $rested s"
	[ "$rested" -lt 60 ] || fail "it waited for $rested s"
	assert_running "after recovery" "$old"
	assert_contains "history" " both rolled-back" "$(newest_line)"
	assert_nothing_open
done

step "a third state: what somebody entered over a dead controller's lines stands"
old_r2=$(router_running r2)
keep both r1 'interface eth1
 description ours' r2 "$(many_routes 1 200)"
plan_of both
die_with_a_line "$work/both.plan"
kill -CONT "$staticd"
await runs r1 ' description ours'
printf '%s\n' 'interface eth1' 'description mine' | router_by_hand r1
assert_status 5 sdctl recover
assert_contains "who" "r1: " "$output"
assert_contains "what" "neither what it ran before nor what was to be deployed" "$output"
runs r1 ' description mine' || fail "what somebody entered on r1 is gone"
assert_equal "r2 went back" "$old_r2" "$(router_running r2)"
assert_status 0 sdctl recover "$(newest)" --accept
assert_nothing_open
runs r1 ' description mine' || fail "what somebody entered on r1 is gone"
