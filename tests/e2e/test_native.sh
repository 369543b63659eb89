#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Native configurations on real FRRouting routers, where each line acts at once. The assertions
# use the routers' running configurations and recorded terminals, not the output of sdctl.
# usage: test_native.sh [N]   only the N-th point at which the controller is killed
# shellcheck source-path=SCRIPTDIR source=routers.sh
. "$(dirname -- "$0")/routers.sh"
need_routers
only=${1:-}

# The commands of a device in a printed plan, one a line.
commands_of() { # ROUTER PLAN
	printf '%s\n' "$2" | sed -n "/^  $1 (frr/,/^    undo:/s/^      //p"
}

undo_of() { # ROUTER PLAN
	printf '%s\n' "$2" | sed -n "/^  $1 (frr/,/^  [^ ]/p" | sed -n '/^    undo:/,$s/^      //p'
}

entered_beside_end() { entered "$1" | sed '/^end$/d'; } # ROUTER

plan_of() { # NAME
	assert_status 2 sdctl plan "$1" --exit-code -o "$work/$1.plan"
	plan=$output
}

keep() { # NAME [ROUTER LINES]...
	native "$@"
	assert_status 0 sdctl config set "$document"
}

assert_nothing_to_do() { # NAME
	assert_status 0 sdctl plan "$1" --exit-code
	assert_contains "planning again" "Nothing to do" "$output"
}

# Asserts that each login ended at a prompt outside of configuration mode.
assert_left() {
	for r in $routers; do
		for session in "$work/$r"/sessions/*; do
			prompt=$(tr -d '\r' <"$session" | grep -a "^$r[#(]" | tail -n 1)
			assert_lacks "the last prompt of a session on $r" "(config" "$prompt"
		done
	done
}

step "routers are added"
routers_up r1 r2
routers_inventory r1 >"$work/one.json"
assert_status 0 sdctl device import "$work/one.json"
assert_status 0 sdctl device add r2 driver=frr "address=$(router_address r2)" credential=vtysh
assert_status 0 sdctl device check
for r in r1 r2; do
	checked=$(printf '%s\n' "$output" | grep "^$r ")
	for words in " ok " "FRRouting $(router_exec r1 /usr/lib/frr/zebra --version | sed -n 's/zebra version //p')" " E "; do
		assert_contains "check of $r" "$words" "$checked"
	done
done

# Configuration that exists before: a line and a description that will be shared, and others.
printf '%s\n' 'ip route 198.51.100.0/24 Null0' 'interface eth1' 'description by hand' 'exit' \
	'interface lo' 'description "not ours" #1' | router_by_hand r1
printf '%s\n' 'ip route 203.0.113.0/24 198.19.255.254' | router_by_hand r2
first=$(all_running)
forget_entered

step "lines that are no lines"
native plain r1 'ip route 192.0.2.0/24 Null0'
for bad in '\u0001' '\u0003' '\t' '\n' '\r' '\u001b[A' '\u007f' '\u0085' '\u2028' '\u2029'; do
	sed 's|Null0|Null0'"$(printf '%s' "$bad" | sed 's/\\/\\\\/g')"'|' "$document" >"$work/bad.json"
	assert_status 3 sdctl config set "$work/bad.json"
	assert_contains "a line with $bad" "device[name='r1']" "$output"
done
sed 's/"ip route.*"//' "$document" >"$work/bad.json"
assert_status 3 sdctl config set "$work/bad.json"
assert_status 0 sdctl config list
assert_equal "what is kept" "no configurations; \`sdctl config set FILE\` keeps one" "$output"
keep lost r1 'ip route 192.0.2.0/24 Null0' r9 'ip route 192.0.2.0/24 Null0'
assert_status 1 sdctl plan lost
assert_contains "an unknown router" r9 "$output"
assert_status 0 sdctl config remove lost

step "a plan shows commands, undo and level, and changes nothing"
keep basic r1 'interface eth1
 description to "r2" (#7)
exit
ip route 192.0.2.0/24 Null0
ip route 198.51.100.0/24 Null0' \
	r2 'interface eth2
 description to r1
ip route 192.0.2.128/25 198.19.255.253 20
ip route 192.0.2.64/26 Null0'
plan_of basic
for r in r1 r2; do assert_contains "the plan" "  $r (frr, safety level E)" "$plan"; done
assert_equal "commands on r1" 'interface eth1
 description to "r2" (#7)
exit
ip route 192.0.2.0/24 Null0' "$(commands_of r1 "$plan")"
assert_equal "undo on r1" 'interface eth1
 description by hand
exit
no ip route 192.0.2.0/24 Null0' "$(undo_of r1 "$plan")"
assert_equal "commands on r2" 'interface eth2
 description to r1
exit
ip route 192.0.2.128/25 198.19.255.253 20
ip route 192.0.2.64/26 Null0' "$(commands_of r2 "$plan")"
for words in 'no description' 'no ip route 192.0.2.128/25 198.19.255.253 20' \
	'no ip route 192.0.2.64/26 Null0'; do
	assert_contains "undo on r2" "$words" "$(undo_of r2 "$plan")"
done
assert_running "after planning" "$first"
for r in r1 r2; do assert_equal "entered on $r" "" "$(entered $r)"; done

step "applied, read back and saved"
forget_entered
assert_status 0 sdctl apply "$work/basic.plan"
for r in r1 r2; do
	assert_equal "entered on $r" "$(commands_of $r "$plan" | sed 's/^ //')" \
		"$(entered_beside_end $r | sed 's/^ //')"
done
assert_left
with_basic=$(all_running)
for line in 'ip route 192.0.2.0/24 Null0' 'ip route 198.51.100.0/24 Null0' \
	' description to "r2" (#7)' ' description "not ours" #1'; do
	assert_contains "r1" "
$line
" "$(router_running r1)"
	assert_contains "saved by r1" "
$line
" "$(router_saved r1)"
done
for line in 'ip route 192.0.2.128/25 198.19.255.253 20' 'ip route 192.0.2.64/26 Null0' \
	' description to r1' 'ip route 203.0.113.0/24 198.19.255.254'; do
	assert_contains "r2" "
$line
" "$(router_running r2)"
	assert_contains "saved by r2" "
$line
" "$(router_saved r2)"
done
assert_equal "lines more than before" 5 "$(($(echo "$with_basic" | grep -c -e route -e desc) - \
	$(echo "$first" | grep -c -e route -e desc) + 1))" # the description of eth1 is one in place of one
assert_nothing_to_do basic
assert_status 0 sdctl verify basic
assert_status 0 sdctl status "$(newest)"
assert_contains "status" done "$output"

step "a second configuration shares a line"
keep guest r1 'ip route 192.0.2.0/24 Null0' r2 'ip route 10.1.0.0/16 Null0'
forget_entered
carry_out guest
assert_equal "entered on r1" "" "$(entered r1)"
assert_equal "entered on r2" "ip route 10.1.0.0/16 Null0" "$(entered_beside_end r2)"
with_guest=$(all_running)
assert_nothing_to_do basic
assert_nothing_to_do guest

step "a third one wants another value of the same line"
keep greedy r1 'interface eth1
 description mine'
assert_status 3 sdctl plan greedy
for words in r1 eth1 description mine 'to "r2" (#7)' greedy basic; do
	assert_contains "the conflict" "$words" "$output"
done
assert_running "after the conflict" "$with_guest"
assert_status 0 sdctl config remove greedy

step "an edit"
keep basic r1 'interface eth1
 description to r2, port eth2
interface eth2
 description spare
ip route 192.0.2.0/24 Null0
ip route 198.51.100.0/24 Null0' \
	r2 'interface eth2
 description to r1
ip route 192.0.2.128/25 198.19.255.253 30
ip route 192.0.2.32/27 Null0'
plan_of basic
assert_equal "commands on r1" ' description spare
 description to r2, port eth2' "$(commands_of r1 "$plan" | grep -v -e interface -e exit | sort)"
assert_equal "commands on r2" 'ip route 192.0.2.128/25 198.19.255.253 30
ip route 192.0.2.32/27 Null0
no ip route 192.0.2.64/26 Null0' "$(commands_of r2 "$plan" | sort)"
assert_status 0 sdctl apply "$work/basic.plan"
assert_nothing_to_do basic
assert_nothing_to_do guest
assert_contains "r1" " description to r2, port eth2" "$(router_running r1)"
assert_contains "r1" " description spare" "$(router_running r1)"
assert_contains "r2" "ip route 192.0.2.128/25 198.19.255.253 30" "$(router_running r2)"
assert_lacks "r2" "198.19.255.253 20" "$(router_running r2)"
assert_lacks "r2" "192.0.2.64/26" "$(router_running r2)"

step "rolled back, with a stranger's line between"
echo 'ip route 10.9.0.0/16 Null0' | router_by_hand r1
assert_status 0 sdctl rollback last --yes
assert_contains "r1" "ip route 10.9.0.0/16 Null0" "$(router_running r1)"
echo 'no ip route 10.9.0.0/16 Null0' | router_by_hand r1
assert_running "after the rollback" "$with_guest"
assert_contains "history" " rollback basic done" "$(newest_line)"
assert_status 0 sdctl verify basic
assert_status 0 sdctl verify guest

step "a plan that is out of date"
plan_of basic
echo 'no ip route 192.0.2.128/25 198.19.255.253 20' | router_by_hand r2
stale=$(all_running)
assert_status 3 sdctl apply "$work/basic.plan"
assert_contains "refused" r2 "$output"
assert_running "after the refusal" "$stale"
assert_status 2 sdctl verify basic
assert_contains "drift" r2 "$output"
echo 'ip route 192.0.2.128/25 198.19.255.253 20' | router_by_hand r2
assert_status 0 sdctl verify basic

# r2 refuses or ignores one line among lines that it accepts; r1 accepts all.
refuse() { # WORDS... -- LINES
	said=''
	while [ "$1" != -- ]; do
		said="$said$1
"
		shift
	done
	keep refused r1 'interface lo
 description ours now
ip route 10.2.0.0/16 Null0' r2 "interface eth1
 description in between
exit
ip route 10.2.0.0/16 Null0
$2
ip route 10.3.0.0/16 Null0"
	forget_entered
	before=$(all_running)
	saved=$(router_saved r1 | grep -v '^!'; router_saved r2 | grep -v '^!')
	plan_of refused
	assert_status 4 sdctl apply "$work/refused.plan"
	output_of_apply=$output
	printf '%s' "$said" >"$work/said"
	while read -r words; do assert_contains "the message" "$words" "$output"; done <"$work/said"
	assert_contains "the message" rolled-back "$output"
	assert_running "after the refusal" "$before"
	assert_equal "what was saved" "$saved" \
		"$(router_saved r1 | grep -v '^!'; router_saved r2 | grep -v '^!')"
	assert_left
	assert_contains "r2 had taken what comes before" " description in between" "$(entered r2)"
	assert_contains "and gave it back" " no description" "$(entered r2)"
	assert_contains "history" " refused rolled-back" "$(newest_line)"
	assert_status 0 sdctl recover
	assert_contains "nothing is open" "nothing to recover" "$output"
	assert_status 0 sdctl verify basic
}

step "a next hop that the router refuses beside one it has"
refuse r2 'ip route 203.0.113.0/24 Null0' \
	'Route cannot have blackhole and non-blackhole nexthops simultaneously' \
	-- 'ip route 203.0.113.0/24 Null0'
assert_lacks "entered on r2 after the refusal" "ip route 10.3.0.0/16 Null0" "$(entered r2)"

step "an argument that the router refuses"
refuse r2 'ip prefix-list x seq 5 permit 10.0.0.0/24 ge 8' 'Invalid prefix range' \
	-- 'ip prefix-list x seq 5 permit 10.0.0.0/24 ge 8'

step "a word that the router does not know"
refuse r2 'ip route 10.4.0.0/40 Null0' 'Unknown command' -- 'ip route 10.4.0.0/40 Null0'

step "a line that the router takes and forgets"
refuse r2 'does not run' -- 'router ospf'
expect assert_contains "the message names it" "router ospf" "$output_of_apply"

step "a line that the router writes in another way"
keep spelled r2 'ip route 10.4.0.7/16 Null0
ipv6 route 2001:DB8:0:0::1/32 Null0'
carry_out spelled
assert_contains "r2" "ip route 10.4.0.0/16 Null0" "$(router_running r2)"
assert_contains "r2" "ipv6 route 2001:db8::/32 Null0" "$(router_running r2)"
assert_nothing_to_do spelled
remove spelled
assert_running "without it" "$with_guest"

step "a line of which the router keeps a part, or makes another one"
# The line that is left looks like one entered by somebody else, but it must be reported.
strange() { # LINE LEFT
	keep strange r2 "$1"
	carry_out_plan strange
	case $status in
	4) assert_running "rolled back, it says" "$with_guest" ;;
	5) assert_contains "what needs attention" "$2" "$output" ;;
	*) fail "ended with $status: $output" ;;
	esac
}
carry_out_plan() { # NAME
	plan_of "$1"
	status=0
	output=$(sdctl apply "$work/$1.plan" 2>&1) || status=$?
}
for line in 'ip route 10.4.0.0 255.255.0.0 Null0' 'ip route 10.4.0.0/16 198.19.255.253 label 3'; do
	expect strange "$line" 10.4.0.0
	left=$(router_running r2 | grep '^ip route 10.4.0.0' || :)
	[ -z "$left" ] || echo "no $left" | router_by_hand r2
	assert_running "put right by hand" "$with_guest"
	assert_status 0 sdctl recover
done

step "a question mark, which vtysh takes for a cry for help"
keep help r1 'interface lo
 description what?'
assert_status 3 sdctl plan help
assert_contains "the message" "description what?" "$output"
printf '%s\n' 'interface eth2' 'description who? me' | router_by_hand r1
keep help r1 'interface eth2
 description ours'
assert_status 3 sdctl plan help # the undo could not be entered
assert_contains "the message" "description who? me" "$output"
printf '%s\n' 'interface eth2' 'no description' | router_by_hand r1
assert_status 0 sdctl config remove help
assert_running "after the refusals" "$with_guest"

step "a line that takes away what another one owns, negated and abbreviated"
keep routes r2 'ip route 10.5.0.0/16 Null0 20'
carry_out routes
with_routes=$(all_running)
keep other r2 'no ip route 10.5.0.0/16 Null0'
assert_status 3 sdctl plan other
for words in other routes '/ip route 10.5.0.0'; do assert_contains "the conflict" "$words" "$output"; done
keep other r2 'ip rout 10.5.0.0/16 Null0 30'
plan_of other
assert_contains "the abbreviation" 'looks like an abbreviation of: ip route 10.5.0.0/16 Null0 30' \
	"$plan"
assert_contains "what apply takes" "sdctl apply $work/other.plan --accept-unknown" "$plan"
assert_status 3 sdctl apply "$work/other.plan"
assert_contains "the refusal" "line 1: ip rout 10.5.0.0/16 Null0 30" "$output"
assert_running "after the refusals" "$with_routes"
assert_status 4 sdctl apply "$work/other.plan" --accept-unknown
assert_running "after the user has insisted" "$with_routes"
assert_status 0 sdctl plan other --accept-unknown -o "$work/other.plan"
assert_contains "a plan that accepts them" "sdctl apply $work/other.plan\`" "$output"
assert_status 4 sdctl apply "$work/other.plan"
assert_running "after the user has insisted in the plan" "$with_routes"
assert_status 0 sdctl recover
assert_contains "nothing is open" "nothing to recover" "$output"
assert_status 0 sdctl verify routes

step "an absence, and what returns"
keep other r2 'no ip route 203.0.113.0/24 198.19.255.254'
carry_out other
assert_lacks "r2" "ip route 203.0.113.0" "$(router_running r2)"
assert_nothing_to_do other
assert_status 0 sdctl rollback last --yes
assert_running "after the rollback" "$with_routes"
carry_out other
remove other
assert_running "when the absence has ended" "$with_routes"
remove routes
assert_running "without it" "$with_guest"

step "the first configuration goes: what is shared stays"
remove basic
assert_lacks "r1" '(#7)' "$(router_running r1)"
assert_contains "the stranger's description" "
 description by hand
" "$(router_running r1)"
assert_contains "the line shared with a stranger" "ip route 198.51.100.0/24 Null0" \
	"$(router_running r1)"
assert_contains "the line shared with the second" "ip route 192.0.2.0/24 Null0" \
	"$(router_running r1)"
assert_lacks "r2" 192.0.2 "$(router_running r2)"
assert_status 0 sdctl verify guest

step "the second one goes: no trace"
remove guest
assert_running "after removing both" "$first"
for words in 192.0.2 10.1.0.0 'to r1' 'to "r2"'; do
	assert_lacks "saved" "$words" "$(router_saved r1; router_saved r2)"
done

# --- The controller is killed ---
#
# Several workers share the points. Each has a pair of routers and a controller, whose home is
# restored before every point, so each controller is killed on the way from the same old to the
# same new state. Most of the time is spent waiting until routers quiesce.

pair_of() { echo "r$((2 * $1 - 1)) r$((2 * $1))"; } # WORKER

old_lines() {
	printf '%s\n' 'interface eth1' ' description old' 'ip route 10.2.0.0/16 198.19.255.253 20'
}

new_lines() {
	printf '%s\n' 'interface eth1' ' description new' 'ip route 10.2.0.0/16 198.19.255.253 30'
}

running_of() { # WORKER
	for r in $(pair_of "$1"); do router_running "$r"; done
}

# Restores the old state by hand, in one go.
put_back() { # WORKER
	for r in $(pair_of "$1"); do
		printf '%s\n' 'no ip route 10.2.0.0/16 198.19.255.253 30' \
			'ip route 10.2.0.0/16 198.19.255.253 20' 'interface eth1' 'description old' |
			router_by_hand "$r"
	done
}

use_worker() { # WORKER
	worker=$1
	SMARTDEPLOY_HOME=$work/home$1
	mkdir -p "$work/worker$1"
}

crash_prepare() { # WORKER
	use_worker "$1"
	# shellcheck disable=SC2046
	set -- $(pair_of "$1")
	routers_inventory "$@" >"$work/inventory.json"
	assert_status 0 sdctl device import "$work/inventory.json"
	keep both "$1" "$(old_lines)" "$2" "$(old_lines)"
	carry_out both
	old=$(running_of "$worker")
	keep both "$1" "$(new_lines)" "$2" "$(new_lines)"
	plan_of both
	mv "$work/both.plan" "$work/worker$worker/plan"
	cp -a "$SMARTDEPLOY_HOME" "$work/worker$worker/home"
	assert_status 0 env SMD_CRASH_LOG="$work/worker$worker/points" \
		sdctl apply "$work/worker$worker/plan"
	new=$(running_of "$worker")
	put_back "$worker"
	assert_equal "put back by hand" "$old" "$(running_of "$worker")"
	printf '%s\n' "$old" >"$work/worker$worker/old"
	printf '%s\n' "$new" >"$work/worker$worker/new"
}

fresh_home() {
	rm -rf "$SMARTDEPLOY_HOME"
	cp -a "$work/worker$worker/home" "$SMARTDEPLOY_HOME"
}

# Sets $state: old, new or mixed.
find_state() {
	running_of "$worker" >"$work/worker$worker/now"
	state=mixed
	for s in old new; do
		! cmp -s "$work/worker$worker/now" "$work/worker$worker/$s" || state=$s
	done
}

die_at() { # N COMMAND...
	n=$1
	shift
	status=0
	rm -f "$work/worker$worker/died"
	SMD_CRASH_AT=$n SMD_CRASH_LOG=$work/worker$worker/died "$@" \
		>"$work/worker$worker/said" 2>&1 || status=$?
}

bad_point() { printf 'assertion failed: point %s: %s\n' "$n" "$*" >&2; }

# Recovers, and asserts what must be true afterwards.
recovered() {
	output=$(sdctl recover 2>&1) || { bad_point "recover: $output"; return 1; }
	find_state
	[ "$state" != mixed ] || {
		bad_point "neither old nor new"
		diff -u "$work/worker$worker/old" "$work/worker$worker/now" >&2
		return 1
	}
	assert_contains "recover again" "nothing to recover" "$(sdctl recover 2>&1)"
	case $state in
	old) outcome="both (done|rolled-back)" wanted=2 ;;
	new) outcome="both done" wanted=0 ;;
	esac
	newest_line | grep -qE " $outcome" || { bad_point "$state, but: $(newest_line)"; return 1; }
	[ $((n % 4)) != 0 ] || assert_status $wanted sdctl plan both --exit-code
	echo "$state" >>"$work/worker$worker/ends"
	[ $state = old ] || put_back "$worker"
}

# Answers that come at the same time share a point, so a run can have fewer points than the first
# one: then the command was not killed.
was_late() { [ $status = 0 ] && [ "$(wc -l <"$work/worker$worker/died")" -lt "$n" ]; }

# A worker's share of the points of the apply, and of every sixth point of a recovery after a
# controller was killed in the middle.
crash_worker() { # WORKER
	use_worker "$1"
	bad=0
	for n in $(seq "$1" "$workers" "$points"); do
		[ -z "$only" ] || [ "$n" = "$only" ] || continue
		fresh_home
		die_at "$n" sdctl apply "$work/worker$worker/plan"
		[ $status = 137 ] || was_late || { bad_point "ended with $status"; bad=1; continue; }
		(recovered) || { bad=1; put_back "$worker" >/dev/null 2>&1 || :; }
	done
	[ -z "$only" ] || return $bad
	n=$((6 * worker - 5))
	while :; do
		fresh_home
		i=$n
		die_at "$middle" sdctl apply "$work/worker$worker/plan"
		die_at "$i" sdctl recover
		[ $status = 137 ] || break
		(recovered) || { bad=1; put_back "$worker" >/dev/null 2>&1 || :; }
		n=$((n + 6 * workers))
	done
	(recovered) || bad=1
	return $bad
}

step "the controller killed at each point of an apply over two routers, and of the recovery"
workers=8
line_deadline=1 # how long recovery waits for a router to quiesce
routers_up r3 r4 r5 r6 r7 r8 r9 r10 r11 r12 r13 r14 r15 r16
for w in $(seq $workers); do crash_prepare "$w"; done
points=$(wc -l <"$work/worker1/points" 2>/dev/null || echo 0)
if [ "$points" -gt 0 ]; then
	# After the second line that was sent to a router.
	middle=$(sed -n '/ phase commit /,$s/^\([0-9]*\) receive .*/\1/p' "$work/worker1/points" |
		sed -n 6p)
	pids=''
	for w in $(seq $workers); do
		crash_worker "$w" &
		pids="$pids $!"
	done
	for pid in $pids; do wait "$pid" || missed=$((missed + 1)); done
	cat "$work"/worker*/ends | sort | uniq -c
else
	echo "skipped: this build has no crash points (SMD_CRASH_POINTS)"
fi
