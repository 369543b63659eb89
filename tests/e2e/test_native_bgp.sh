#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A routing policy as a native configuration of two FRRouting routers that are BGP neighbors:
# lists, a route map, neighbors. The assertions use what the routers run and which routes they
# learn.
# shellcheck source-path=SCRIPTDIR source=routers.sh
. "$(dirname -- "$0")/routers.sh"
router_daemons='zebra staticd bgpd'
need_routers

commands_of() { # ROUTER PLAN
	printf '%s\n' "$2" | sed -n "/^  $1 (frr/,/^    undo:/s/^      //p"
}

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

# Requests all routes from the neighbors again, because a changed list applies to new updates
# only.
refresh() { for r in $routers; do vtysh -N "$(router_space "$r")" -c 'clear bgp * soft'; done; }

# Has the router a best route to the prefix? Arguments: ROUTER PREFIX [METRIC]
knows() { router_show "$1" 'bgp ipv4 unicast' | grep -q "^ *\*> *$2 .*$3"; }

assert_knows() { # ROUTER PREFIX [METRIC]
	await knows "$1" "$2" "${3:-}"
}

assert_ignorant() { # ROUTER PREFIX
	expect assert_lacks "what $1 knows" "$2" "$(router_show "$1" 'bgp ipv4 unicast')"
}

step "two routers with a cable, and a stranger's lines"
routers_up r1 r2
router_cable r1 192.0.2.1/30 r2 192.0.2.2/30
assert_status 0 sdctl device import "$work/inventory.json"
assert_status 0 sdctl device check
printf '%s\n' 'ip prefix-list THEIRS seq 5 permit any' 'ip prefix-list IN seq 90 deny any' \
	'router bgp 65001' 'no bgp ebgp-requires-policy' 'neighbor 203.0.113.9 remote-as 65009' \
	'neighbor 203.0.113.9 description by hand' 'address-family ipv4 unicast' \
	'neighbor 203.0.113.9 prefix-list THEIRS in' | router_by_hand r1
first=$(all_running)

# Stores the policy of both routers: the prefix that r1 accepts, and more lines for r2.
policy() { # PREFIX METRIC [LISTS [FAMILY]]
	keep policy r1 "ip prefix-list IN seq 5 permit $1
router bgp 65001
 neighbor 192.0.2.2 remote-as 65002
 neighbor 192.0.2.2 timers connect 1
 address-family ipv4 unicast
  neighbor 192.0.2.2 prefix-list IN in" r2 "ip route 10.1.0.0/16 Null0
ip route 10.2.0.0/16 Null0
ip prefix-list OURS description what we tell
ip prefix-list OURS seq 5 permit 10.0.0.0/8 le 16
bgp as-path access-list LOCAL seq 5 permit ^\$
${3:-access-list NONE seq 5 deny any}
route-map OUT permit 10
 match as-path LOCAL
 match ip address prefix-list OURS
 set metric $2
router bgp 65002
 no bgp ebgp-requires-policy
 neighbor 192.0.2.1 remote-as 65001
 neighbor 192.0.2.1 description to r1
 neighbor 192.0.2.1 timers connect 1
 address-family ipv4 unicast
  network 10.1.0.0/16
  network 10.2.0.0/16
  neighbor 192.0.2.1 route-map OUT out
  neighbor 192.0.2.1 prefix-list OURS out${4:+
  $4}"
}

step "a plan makes what is used before its use"
policy 10.1.0.0/16 50
plan_of policy
# The position of a line among the commands, to compare which of two comes first.
place() { commands_of "$1" "$plan" | grep -n -m 1 -F -- "$2" | cut -d: -f1; } # ROUTER LINE
assert_before() { # ROUTER LINE LINE
	[ "$(place "$1" "$2")" -lt "$(place "$1" "$3")" ] || fail "'$2' is not before '$3':
$(commands_of "$1" "$plan")"
}
assert_before r1 'ip prefix-list IN seq 5' 'neighbor 192.0.2.2 prefix-list IN in'
assert_before r1 'neighbor 192.0.2.2 remote-as' 'neighbor 192.0.2.2 prefix-list IN in'
assert_lacks "commands on r1" 203.0.113.9 "$(commands_of r1 "$plan")"
assert_before r2 'ip prefix-list OURS seq 5' 'ip prefix-list OURS description'
assert_before r2 'ip prefix-list OURS seq 5' 'match ip address prefix-list OURS'
assert_before r2 'bgp as-path access-list LOCAL' 'match as-path LOCAL'
assert_before r2 'route-map OUT permit 10' 'neighbor 192.0.2.1 route-map OUT out'
assert_before r2 'neighbor 192.0.2.1 remote-as' 'neighbor 192.0.2.1 description'
assert_running "after planning" "$first"

step "applied: the routers talk, and the filters filter"
assert_status 0 sdctl apply --accept-unknown "$work/policy.plan"
assert_knows r1 10.1.0.0/16 50
assert_ignorant r1 10.2.0.0/16
assert_nothing_to_do policy
assert_status 0 sdctl verify policy
with_policy=$(all_running)
for line in 'ip prefix-list IN seq 90 deny any' ' neighbor 203.0.113.9 description by hand' \
	'  neighbor 203.0.113.9 prefix-list THEIRS in'; do
	assert_contains "the stranger's lines on r1" "
$line
" "$with_policy"
done

step "an edit is one line for an entry, and one for a metric"
forget_entered
policy 10.2.0.0/16 60
plan_of policy
assert_equal "commands on r1" 'ip prefix-list IN seq 5 permit 10.2.0.0/16' \
	"$(commands_of r1 "$plan")"
assert_equal "commands on r2" 'route-map OUT permit 10
 set metric 60
exit' "$(commands_of r2 "$plan")"
assert_status 0 sdctl apply "$work/policy.plan"
assert_equal "entered on r1" 'ip prefix-list IN seq 5 permit 10.2.0.0/16' \
	"$(entered r1 | sed '/^end$/d')"
refresh
assert_knows r1 10.2.0.0/16 60
assert_ignorant r1 10.1.0.0/16
edited=$(all_running)

step "a line that the router refuses behind lines that have acted"
forget_entered
policy 10.1.0.0/16 70 'access-list NONE seq 5 permit 10.0.0.0/8
access-list NONE seq 10 deny any' 'neighbor 192.0.2.1 distribute-list NONE out'
plan_of policy
assert_status 4 sdctl apply --accept-unknown "$work/policy.plan"
for words in r2 'can not co-exist' rolled-back; do
	assert_contains "the message" "$words" "$output"
done
assert_contains "r2 had taken" 'access-list NONE seq 5 permit 10.0.0.0/8' "$(entered r2)"
assert_contains "and gave it back" 'access-list NONE seq 5 deny any' "$(entered r2)"
assert_running "after the refusal" "$edited"
assert_status 0 sdctl recover
assert_contains "nothing is open" "nothing to recover" "$output"
assert_contains "history" " policy rolled-back" "$(newest_line)"

step "the edit is rolled back, with a stranger's entry between"
echo 'ip prefix-list IN seq 80 permit 192.168.0.0/16' | router_by_hand r1
policy 10.2.0.0/16 60
edit=$(sdctl history | grep ' done' | head -n 1 | cut -d' ' -f1)
assert_status 0 sdctl rollback "$edit" --yes
assert_contains "r1" "ip prefix-list IN seq 80 permit 192.168.0.0/16" "$(router_running r1)"
echo 'no ip prefix-list IN seq 80' | router_by_hand r1
assert_running "after the rollback" "$with_policy"
refresh
assert_knows r1 10.1.0.0/16 50
assert_ignorant r1 10.2.0.0/16

step "a secret reaches the router, and nobody else"
keep hidden r1 "router bgp 65001
 neighbor 192.0.2.66 remote-as 65066
 neighbor 192.0.2.66 password s3cret-of-66"
plan_of hidden
assert_contains "commands on r1" 'neighbor 192.0.2.66 password ******' "$(commands_of r1 "$plan")"
assert_lacks "the plan" s3cret "$plan$(cat "$work/hidden.plan")"
assert_status 0 sdctl apply --accept-unknown "$work/hidden.plan"
assert_lacks "what is told" s3cret "$output$(sdctl status "$(newest_line | cut -d' ' -f1)")"
assert_contains "r1" ' neighbor 192.0.2.66 password s3cret-of-66' "$(router_running r1)"
remove hidden
assert_running "without the secret" "$with_policy"

step "all of it goes, and only that"
remove policy
assert_running "without it" "$first"
for words in 192.0.2 OURS LOCAL 65002; do
	assert_lacks "saved" "$words" "$(router_saved r1; router_saved r2)"
done
