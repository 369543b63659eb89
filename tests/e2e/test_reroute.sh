#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# A domain moves from one spine to the other while the old cables are still plugged in. With both
# paths it would loop, so the old one is removed everywhere before the new one is made, also in a
# rollback. A host sends broadcasts all the time: a loop would multiply them.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab
need_wire

# Sends broadcasts from h1 without a pause, until `hush`.
shout() {
	nsenter --net="/run/netns/sd-$lab-h1" mausezahn eth0 -q -c 0 -d 500usec -p 46 \
		"ff:ff:ff:ff:ff:ff:02:00:00:00:00:0c:88:b5" >/dev/null 2>&1 &
	shouter=$!
}

hush() {
	kill "$shouter"
	wait "$shouter" 2>/dev/null || :
}

# More frames than h1 sends during the whole test.
flood=200000

assert_quiet() { # WHAT
	for d in $(switches); do
		for p in $(lab_exec "$d" ovs-vsctl list-ports br0); do
			frames=$(lab_exec "$d" ovs-vsctl get Interface "$p" statistics:rx_packets)
			[ "$frames" -lt $flood ] || fail "$1: $frames frames into port $p of $d: a loop"
		done
	done
}

# The steps of a printed plan, as "step: devices".
order_of() { # TEXT
	printf '%s\n' "$1" | sed -nE 's/^ *Order: *([a-z]*)(, at the same time)? on /\1: /p'
}

step "a domain over spine1"
lab_up r
adopt_lab
before=$(all_databases)
deploy blue 100 "leaf1 h1" "leaf2 h2"
assert_equal "trunk to spine1" "[100, 4095]" "$(port_column leaf1 spine1 trunks)"

step "spine1 leaves the topology: first break, then make"
python3 - "$lab_dir/topology.json" >"$work/topology.json" <<'END'
import json, sys
document = json.load(open(sys.argv[1]))
topology = document["smartdeploy-topology:topology"]
topology["link"] = [l for l in topology["link"] if "spine1" not in (l["a-device"], l["b-device"])]
print(json.dumps(document))
END
assert_status 0 sdctl device import "$work/topology.json"
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
assert_equal "order" "break: leaf1 leaf2 spine1
make: leaf1 leaf2 spine2" "$(order_of "$output")"
shout
assert_status 0 sdctl apply "$work/blue.plan"
assert_status 0 host_ping h1 h2
assert_quiet "after the move"
assert_equal "trunk to spine1" "[4095]" "$(port_column leaf1 spine1 trunks)"
assert_equal "trunk to spine2" "[100, 4095]" "$(port_column leaf1 spine2 trunks)"

step "back the same way"
assert_status 0 sdctl rollback last --yes
assert_status 0 host_ping h1 h2
assert_quiet "after the rollback"
assert_equal "trunk to spine1" "[100, 4095]" "$(port_column leaf1 spine1 trunks)"
hush

step "and gone without a trace"
assert_status 0 sdctl device import "$lab_dir/topology.json"
remove blue
assert_database "after the removal" "$before"
