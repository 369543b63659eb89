#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The main use as a story: a bridge domain is planned, deployed, tested by traffic, edited, rolled
# back and removed. The assertions use what the devices have recorded (sshd's logs, the switches'
# databases, frames at the hosts), not only the output of sdctl.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab
need_wire

# Asserts isolation by frames: what an outside host sends, in any form, arrives nowhere; what h1
# sends arrives at its peer (the control, without which nothing would be proven) and at no outside
# host.
assert_isolated() { # PEER-OF-H1 OUTSIDER OTHER-OUTSIDER
	capture h1 "$1" "$2" "$3"
	for kind in 88b5 8100000088b5 8100000188b5 8100006488b5 81000fff88b5 88a8006488b5 \
		81000fff8100006488b5 810000648100006488b5; do
		send_frames "$2" 0a "$kind"
	done
	send_frames h1 0b 88b5
	await captured "$1" 0b
	capture_end h1 "$1" "$2" "$3"
	assert_equal "frames of $2 seen by itself" 24 "$(frames_from "$2" 0a | wc -l)"
	for h in h1 "$1" "$3"; do
		assert_equal "frames of outside host $2 on the wire of $h" "" "$(frames_from "$h" 0a)"
	done
	for h in "$2" "$3"; do
		assert_equal "frames of h1 on the wire of outside host $h" "" "$(frames_from "$h" 0b)"
	done
	assert_lacks "frames of h1 on the wire of $1" vlan "$(frames_from "$1" 0b)"
}

# The count of one device in a list, as all_connections prints it.
count_of() { # LIST DEVICE
	printf '%s\n' "$1" | sed -n "s/^$2 //p"
}

step "the controller learns of the lab"
lab_up a
adopt_lab
assert_contains "device check" "leaf1" "$output"
assert_status 0 sdctl device list
for d in $(switches); do assert_contains "device list" "$d " "$output"; done
everything_before=$(all_databases)
assert_status 1 host_ping h1 h2

step "a document is kept"
document blue 100 "leaf1 h1" "leaf2 h2"
assert_status 0 sdctl config set "$document"
assert_contains "config set" "revision 1" "$output"
assert_status 0 sdctl config list
assert_contains "config list" blue "$output"

step "a plan shows all there is to know, and changes nothing"
contacts=$(all_connections)
edits=$(all_transactions)
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
plan=$output
# shellcheck disable=SC2046
set -- $(planned_devices "$plan")
assert_equal "number of devices in the plan" 3 $#
assert_equal "the leaves in the plan" "leaf1 leaf2" "$1 $2"
spine=$3
case $spine in spine1) idle=spine2 ;; spine2) idle=spine1 ;; *) fail "transit by $spine" ;; esac
for words in "Port h1 tag=100" "Port h2 tag=100" "Port $spine trunks 100" "Port leaf1 trunks 100" \
	"Port leaf2 trunks 100" undo "clear Port h1 tag" "remove Port $spine trunks 100" Order Impact \
	"VLAN 100" "6 ports" Estimate; do
	assert_contains "the plan" "$words" "$plan"
done
assert_status 0 sdctl plan blue
assert_equal "the devices of a second plan" "leaf1 leaf2 $spine" "$(planned_devices "$output")"
assert_equal "transactions after planning" "$edits" "$(all_transactions)"
assert_database "after planning" "$everything_before"
for d in leaf3 leaf4 "$idle" h1 h2 h3 h4; do
	assert_equal "connections to $d while planning" "$(count_of "$contacts" $d)" "$(connections $d)"
done

step "applying: one session and one transaction a device, none on others"
contacts=$(all_connections)
assert_status 0 sdctl apply "$work/blue.plan"
for d in leaf1 leaf2 "$spine"; do
	assert_contains "live progress" "$d" "$output"
	assert_equal "transactions on $d" $(($(count_of "$edits" "$d") + 1)) "$(transactions "$d")"
	assert_equal "connections to $d" $(($(count_of "$contacts" "$d") + 1)) "$(connections "$d")"
done
for d in leaf3 leaf4 "$idle"; do
	assert_equal "transactions on $d" "$(count_of "$edits" "$d")" "$(transactions "$d")"
	assert_equal "connections to $d" "$(count_of "$contacts" "$d")" "$(connections "$d")"
done
assert_equal "tag of h1" 100 "$(port_column leaf1 h1 tag)"
first=$(newest)

step "the hosts reach each other, and nobody else, by the kernel's own ping and on the wire"
assert_status 0 host_ping h1 h2
assert_status 0 host_ping h2 h1
assert_status 1 host_ping h3 h1
assert_status 1 host_ping h1 h4
assert_isolated h2 h4 h3

step "history, status, verify and a plan tell the truth"
assert_equal "history" "$first deploy blue done" "$(newest_line)"
for what in blue "$first"; do
	assert_status 0 sdctl status "$what" -v
	for words in "$first" "done" leaf1 leaf2 "$spine" "h1 reaches h2" "h3 is not heard in blue"; do
		assert_contains "status $what" "$words" "$output"
	done
done
assert_status 0 sdctl verify blue -v
assert_contains "verify" "h1 reaches h2" "$output"
assert_status 0 sdctl plan blue --exit-code
assert_contains "plan again" "Nothing to do" "$output"
assert_status 3 sdctl apply "$work/blue.plan"
assert_contains "applying it twice" already "$output"
assert_equal "history after a refusal" "$first deploy blue done" "$(newest_line)"

step "somebody changes a tag by hand: verify says so, a plan repairs it"
by_hand leaf1 set Port h1 tag=101
assert_status 2 sdctl verify blue
assert_contains "verify" leaf1 "$output"
assert_contains "verify" "port[h1]" "$output"
assert_contains "the hint" "sdctl plan" "$output"
assert_status 2 sdctl plan blue --exit-code -o "$work/repair.plan"
assert_equal "devices to repair" leaf1 "$(planned_devices "$output")"
assert_contains "the repair" "Port h1 tag=100" "$output"

step "a plan that the network has moved away from is refused"
by_hand leaf1 set Port h1 tag=102
edits=$(all_transactions)
assert_status 3 sdctl apply "$work/repair.plan"
assert_contains "refusal" leaf1 "$output"
assert_contains "the hint" "new plan" "$output"
assert_equal "transactions of a refused plan" "$edits" "$(all_transactions)"
assert_equal "tag of h1" 102 "$(port_column leaf1 h1 tag)"
carry_out blue
assert_equal "tag of h1" 100 "$(port_column leaf1 h1 tag)"
assert_status 0 sdctl verify blue

step "an edit: one endpoint moves to another leaf, and only what it concerns is touched"
before_edit=$(all_databases)
document blue 100 "leaf1 h1" "leaf3 h3"
assert_status 0 sdctl config set "$document"
assert_contains "config set" "revision 2" "$output"
contacts=$(all_connections)
edits=$(all_transactions)
assert_status 2 sdctl plan blue --exit-code -o "$work/edit.plan"
assert_equal "devices of the edit" "leaf2 leaf3 $spine" "$(planned_devices "$output")"
assert_lacks "the edit's plan" "Port h1 " "$output"
planned=$(all_connections)
assert_status 0 sdctl apply "$work/edit.plan"
for d in leaf2 leaf3 "$spine"; do
	assert_equal "transactions on $d" $(($(count_of "$edits" "$d") + 1)) "$(transactions "$d")"
done
# leaf1 keeps its endpoint: it is read, for "done" is said of all devices of the configuration.
assert_equal "transactions on leaf1" "$(count_of "$edits" leaf1)" "$(transactions leaf1)"
assert_equal "connections to leaf1 while applying" $(($(count_of "$planned" leaf1) + 1)) "$(connections leaf1)"
for d in leaf4 "$idle"; do
	assert_equal "transactions on $d" "$(count_of "$edits" "$d")" "$(transactions "$d")"
	assert_equal "connections to $d while applying" "$(count_of "$planned" "$d")" "$(connections "$d")"
done
for d in leaf4 "$idle"; do
	assert_equal "connections to $d" "$(count_of "$contacts" "$d")" "$(connections "$d")"
done
assert_status 0 host_ping h1 h3
assert_status 1 host_ping h1 h2
assert_isolated h3 h2 h4
edit=$(newest)
assert_equal "history" "$edit deploy blue done" "$(newest_line)"
assert_status 0 sdctl verify blue
assert_status 0 sdctl plan blue --exit-code
assert_contains "plan again" "Nothing to do" "$output"

step "rollback brings the state before, exactly"
edits=$(all_transactions)
assert_status 0 sdctl rollback last --yes -v
assert_contains "the rollback's own proof" "h1 reaches h2" "$output"
assert_contains "the rollback and the snapshot" "equal to the snapshot from before" "$output"
assert_database "after the rollback" "$before_edit"
for d in leaf1 leaf4 "$idle"; do
	assert_equal "transactions on $d" "$(count_of "$edits" "$d")" "$(transactions "$d")"
done
assert_status 0 host_ping h1 h2
assert_status 1 host_ping h1 h3
assert_isolated h2 h3 h4
back=$(newest)
assert_equal "history" "$back rollback blue done" "$(newest_line)"
assert_status 0 sdctl status "$back"
assert_contains "status of the rollback" "$edit" "$output"
assert_status 0 sdctl verify blue
assert_status 3 sdctl rollback "$edit"
assert_status 1 sdctl rollback 20200101-000000-000000
expect assert_contains "an unknown deployment" "sdctl history" "$output"

step "a tagged end: its frames bear the VLAN on the wire, in both directions"
deploy blue 100 "leaf1 h1" "leaf3 h3 tagged"
assert_contains "the proof" "proof by traffic: proven" "$output"
capture h1 h2 h3
send_frames h1 0b 88b5
send_frames h3 0c 8100006488b5
send_frames h3 0d 88b5
await captured h3 0b
await captured h1 0c
capture_end h1 h2 h3
for line in 1 2 3; do
	assert_contains "frame $line of h1 at h3" "vlan 100" "$(frames_from h3 0b | sed -n ${line}p)"
done
assert_equal "frames of h3 at h1" 3 "$(frames_from h1 0c | wc -l)"
assert_lacks "frames of h3 at h1" vlan "$(frames_from h1 0c)"
assert_equal "untagged frames of h3 at h1" "" "$(frames_from h1 0d)"
assert_equal "frames at h2" "" "$(frames_from h2 0b; frames_from h2 0c; frames_from h2 0d)"
assert_status 0 sdctl verify blue

step "removing it leaves no trace"
assert_status 0 sdctl config remove blue
assert_status 2 sdctl plan blue --exit-code -o "$work/remove.plan"
assert_contains "the plan" "clear Port h1 tag" "$output"
assert_status 0 sdctl apply "$work/remove.plan"
assert_database "after removing" "$everything_before"
assert_status 1 host_ping h1 h3
assert_equal "history" "$(newest) remove blue done" "$(newest_line)"
assert_status 1 sdctl verify blue
assert_contains "verify" blue "$output"
assert_status 0 sdctl plan blue --exit-code
assert_status 0 "$LAB" down --name "$lab"

step "two domains share links; what stood there before belongs to nobody"
lab_up b --leaves 2 --spines 1 --hosts 5
adopt_lab
by_hand leaf1 set Port spine1 trunks=100,4095
everything_before=$(all_databases)
deploy blue 100 "leaf1 h1" "leaf2 h2"
with_blue=$(all_databases)
deploy red 200 "leaf1 h3" "leaf2 h4"
assert_status 0 host_ping h1 h2
assert_status 0 host_ping h3 h4
assert_status 1 host_ping h1 h4
assert_status 0 sdctl verify blue
assert_status 0 sdctl verify red
remove red
assert_database "after removing the second" "$with_blue"
assert_status 0 host_ping h1 h2
assert_status 0 sdctl verify blue
deploy red 200 "leaf1 h3" "leaf2 h4"
remove blue
assert_status 0 host_ping h3 h4
assert_status 1 host_ping h1 h2
assert_status 0 sdctl verify red
assert_contains "trunks of leaf2 to spine1" 200 "$(port_column leaf2 spine1 trunks)"
assert_lacks "trunks of leaf2 to spine1" 100 "$(port_column leaf2 spine1 trunks)"
assert_contains "the trunk that had VLAN 100 before us" 100 "$(port_column leaf1 spine1 trunks)"
remove red
assert_database "after removing both" "$everything_before"

step "a port may be a tagged end of two domains"
share_a_port() {
	deploy blue 100 "leaf1 h1" "leaf2 h2" "leaf1 h5 tagged"
	with_blue=$(all_databases)
	deploy red 200 "leaf1 h3" "leaf2 h4" "leaf1 h5 tagged"
	assert_equal "VLANs of the shared port" "[100, 200, 4095]" "$(port_column leaf1 h5 trunks)"
	assert_status 0 sdctl verify blue
	remove red
	assert_database "after removing the second" "$with_blue"
	assert_status 0 sdctl verify blue
	remove blue
	assert_database "after removing both" "$everything_before"
}
expect share_a_port
