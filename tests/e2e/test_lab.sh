#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The lab itself: its ports carry nothing at first, it forwards what it is configured for, and it
# leaves nothing behind.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab
need mausezahn netsniff-ng

# Namespaces, interfaces and users of the machine, without those of other labs and tests.
machine() {
	{
		ip netns list | cut -d' ' -f1
		ip -o link 2>/dev/null | cut -d: -f2 | cut -d@ -f1
		sed '/^sd-/d; s/,*sd-t[0-9]*//g' /etc/passwd /etc/group
	} | grep -Ev '^ ?(sd[0-9]*-|sdt[0-9]|smd-probe-)'
}

lab_processes() { # NAME
	for ns in $(ip netns list | cut -d' ' -f1 | grep "^sd-$1-"); do ip netns pids "$ns"; done
}

assert_gone() { # NAME PIDS
	assert_equal "the machine after 'down'" "$before" "$(machine)"
	assert_equal "namespaces, links, accounts of '$1'" "" \
		"$({ ip netns list; ip -o link; cat /etc/passwd /etc/group; } | grep -F "sd-$1" || :)"
	[ ! -e "/var/lib/smartdeploy/lab/$1" ] || fail "folder of '$1' is still there"
	assert_equal "processes that hold namespaces of '$1'" "" \
		"$(grep -l "/sd-$1-" /proc/[0-9]*/mountinfo 2>/dev/null || :)"
	for pid in $2; do
		state=$(sed -n 's/^State:\t\(.\).*/\1/p' "/proc/$pid/status" 2>/dev/null || :)
		case $state in '' | Z) ;; *) fail "process $pid of '$1' still lives" ;; esac
	done
}

frames=0
# Sends three frames from a host: broadcast address, source address, these bytes, padding.
send() { # HOST BYTES
	bytes=$(printf 'ffffffffffff02000000000a%s' "$2" | sed 's/../&:/g; s/:$//')
	lab_exec "$1" mausezahn eth0 -q -c 3 -p 46 "$bytes" >/dev/null 2>&1
	frames=$((frames + 3))
}

# Number of frames that the switch's flows have counted, each of them forwarded or dropped.
seen() { # SWITCH
	lab_exec "$1" ovs-ofctl dump-flows br0 |
		sed -n 's/.*n_packets=\([0-9]*\),.*/\1/p' | awk '{ n += $1 } END { print n + 0 }'
}
has_seen() { [ "$(seen "$1")" -ge "$2" ]; }

sent() { # SWITCH
	lab_exec "$1" ovs-ofctl dump-ports br0 | sed -n 's/.*tx pkts=\([0-9]*\),.*/\1/p' |
		awk '{ n += $1 } END { print n + 0 }'
}

received() { # HOST
	lab_exec "$1" ip -s -o link show eth0 | sed 's/.*RX:[^\\]*\\ *[0-9]* *\([0-9]*\) .*/\1/'
}

send_all_kinds() { # HOST
	for kind in 0800 0806 810000000800 810000010800 810000640800 81000fff0800 8100efff0800 \
		88a80fff81000fff0800 88a8006481000fff0800 81000fff81000064 8100006481000fff; do
		send "$1" "$kind"
	done
}

before=$(machine)

step "it comes up, and says so"
lab_up a
lab_a=$lab
assert_status 0 "$LAB" status --name "$lab"
for d in leaf1 leaf2 leaf3 leaf4 spine1 spine2; do
	assert_contains "status" "$(printf '%-10s %-22s %-15s %-5s %-5s' "$d" "sd-$lab-$d" \
		"$(address_of "$d")" up up)" "$output"
done
for f in inventory topology; do
	[ -s "$lab_dir/$f.json" ] || fail "$f.json is missing"
done

step "the login reaches its own switch and nothing else"
assert_equal "bridges of leaf1" br0 "$(ssh_to leaf1 'ovs-vsctl list-br')"
assert_equal "name of leaf1" leaf1 "$(ssh_to leaf1 hostname)"
assert_equal "ports of spine1" "leaf1 leaf2 leaf3 leaf4" \
	"$(ssh_to spine1 'ovs-vsctl list-ports br0' | sort | tr '\n' ' ' | sed 's/ $//')"
assert_status 2 ssh_to leaf1 "ls $lab_dir/leaf2"
assert_status 1 ssh_to leaf1 "ovs-vsctl --timeout=5 --db=unix:$lab_dir/leaf2/run/openvswitch/db.sock show"
assert_contains "sshd's log" "Accepted publickey for sd-$lab" "$(cat "$lab_dir/leaf1/log/sshd.log")"

step "every port is parked by the transaction that adds it"
for d in leaf1 leaf2 leaf3 leaf4 spine1 spine2; do
	assert_equal "ports added to $d without being parked" "" \
		"$(grep -o '{[^{}]*"interfaces":[^{}]*}' "$lab_dir/$d/conf.db" | grep -v '"trunks":4095' || :)"
	assert_equal "parked ports of $d" "$(ssh_to $d 'ovs-vsctl list-ports br0' | wc -l)" \
		"$(ssh_to $d "ovs-vsctl --bare --columns=name find Port trunks=4095 vlan_mode=[] tag=[]" |
			grep -cv -e '^$' -e '^br0$')"
done

step "parked ports carry nothing, in whatever order the links come up"
assert_status 1 host_ping h1 h2
for order in "h1 spine1 spine2" "spine1 spine2 h1" "spine2 h1 spine1" "h1 spine2 spine1"; do
	for port in h1 spine1 spine2; do lab_exec leaf1 ip link set "$port" down; done
	for port in $order; do
		lab_exec leaf1 ip link set "$port" up
		[ "$port" != h1 ] || await lab_exec h1 sh -c 'grep -q 1 /sys/class/net/eth0/carrier ||
			ip link show eth0 | grep -q LOWER_UP'
	done
	frames=$(seen leaf1)
	send_all_kinds h1
	await has_seen leaf1 "$frames"
	assert_equal "frames sent by leaf1 ($order)" 0 "$(sent leaf1)"
done
for h in h2 h3 h4; do assert_equal "frames received by $h" 0 "$(received $h)"; done

step "it is the flow that stops VLAN 4095 (without it this test must see frames)"
lab_exec leaf1 ovs-ofctl --strict del-flows br0 priority=65535,dl_vlan=4095
frames=$(seen leaf1)
send h1 81000fff0800
await has_seen leaf1 "$frames"
[ "$(sent leaf1)" -gt 0 ] || fail "frames of VLAN 4095 passed neither: the check sees nothing"
kill -9 "$(device_pid leaf1 ovs-vswitchd)"
await sh -c "! '$LAB' status --name $lab"
assert_status 0 "$LAB" start --name "$lab" leaf1
frames=$(seen leaf1)
leaked=$(sent leaf1)
send h1 81000fff0800
await has_seen leaf1 "$frames"
assert_equal "frames sent by leaf1 after a restart" "$leaked" "$(sent leaf1)"

step "a path opened by hand carries, and only there"
ssh_to leaf1 'ovs-vsctl set Port h1 tag=100 -- set Port spine1 trunks=100'
ssh_to leaf2 'ovs-vsctl set Port h2 tag=100 -- set Port spine1 trunks=100'
assert_status 1 host_ping h1 h2
ssh_to spine1 'ovs-vsctl set Port leaf1 trunks=100 -- set Port leaf2 trunks=100'
assert_status 0 host_ping h1 h2
assert_status 1 host_ping h1 h3
assert_equal "frames received by h3" 0 "$(received h3)"
[ "$(received h2)" -gt 0 ] || fail "h2 counts no frames: the counter used here is not the right one"

step "two labs stand side by side"
lab_up b --leaves 2 --spines 1 --hosts 3 --dir "$work/other"
lab_b=$lab
[ "$(address_of leaf1)" != "$(lab_use "$lab_a"; address_of leaf1)" ] || fail "same address twice"
assert_equal "host of the second lab" leaf2 "$(ssh_to leaf2 hostname)"
assert_status 1 host_ping h1 h2
assert_status 3 "$LAB" up --name "$lab_a"
assert_contains "refusal" "lab down --name $lab_a" "$output"

step "after a crash, 'down' leaves nothing, and the other lab stands"
lab_use "$lab_a"
pids=$(lab_processes "$lab_a")
kill -9 "$(device_pid leaf1 ovs-vswitchd)" "$(device_pid leaf2 ovsdb-server)" \
	"$(device_pid spine1 sshd)"
await sh -c "! '$LAB' status --name $lab_a"
assert_status 1 "$LAB" status --name "$lab_a"
assert_contains "status" down "$output"
assert_status 0 "$LAB" down --name "$lab_a"
assert_gone "$lab_a" "$pids"
assert_status 0 "$LAB" down --name "$lab_a"
assert_contains "second 'down'" "nothing to remove" "$output"
assert_status 1 "$LAB" status --name "$lab_a"
assert_status 0 "$LAB" status --name "$lab_b"

step "a lab whose folder and namespaces' names were lost is still found"
lab_use "$lab_b"
pids=$(lab_processes "$lab_b")
ip netns del "sd-$lab_b-leaf1"
assert_status 0 "$LAB" down --name "$lab_b"
assert_gone "$lab_b" "$pids"
lab_up c --leaves 1 --spines 1 --hosts 1
pids=$(lab_processes "$lab")
rm -r "$lab_dir"
assert_status 0 "$LAB" down --name "$lab"
assert_gone "$lab" "$pids"

step "'up' that fails cleans up after itself"
mkdir "$work/broken"
printf '#!/bin/sh\necho "switch on fire" >&2\nexit 1\n' >"$work/broken/ovs-vswitchd"
chmod +x "$work/broken/ovs-vswitchd"
lab_name d
assert_status 1 env PATH="$work/broken:$PATH" "$LAB" up --name "$lab_name" --leaves 1 --spines 1
assert_contains "the reason" "switch on fire" "$output"
assert_gone "$lab_name" ""

step "'up' killed half way leaves what 'down' removes"
for mark in passwd link netns; do
	lab_name "e${#mark}"
	"$LAB" up --name "$lab_name" >/dev/null 2>&1 &
	case $mark in
	passwd) await getent passwd "sd-$lab_name" ;;
	link) await ip link show "sd-$lab_name" ;;
	netns) await test -e "/run/netns/sd-$lab_name-h4" ;;
	esac
	kill -9 $!
	{ wait $!; } 2>/dev/null || :
	pids=$(lab_processes "$lab_name")
	assert_status 0 "$LAB" down --name "$lab_name"
	assert_gone "$lab_name" "$pids"
done

step "the login of a host may use the probe, and it is the probe's right alone"
lab_up f --leaves 1 --spines 1
if [ -n "${SMD_PROBE:-}" ]; then
	assert_contains "the probe's answer" "0 sent, 0 received" \
		"$(printf 'use eth0\nping 192.0.2.9 timeout 1\n' | ssh_with_input h1 smd-probe)"
else
	echo "skipped: smd-probe is not built"
fi
assert_equal "capabilities of the login" 0000000000000000 \
	"$(ssh_to h1 'sed -n "s/^CapEff:[[:space:]]*//p" /proc/self/status')"
assert_status 0 "$LAB" down --name "$lab"

step "bad options are refused"
for options in "--leaves 0" "--leaves 41" "--spines x" "--hosts 151" "--name Bad" "--name a-b" \
	"--name abcdefghijk" "--dir a;b" "--colour red" "--leaves" "sideways"; do
	# shellcheck disable=SC2086
	assert_status 3 "$LAB" up $options
done
assert_equal "the machine" "$before" "$(machine)"
