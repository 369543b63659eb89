# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh source-path=SCRIPTDIR source=lib.sh
# Functions for end-to-end tests on a lab, in addition to lib.sh.
. "${SMD_SOURCE_DIR:-$(dirname -- "$0")/../..}/tests/e2e/lib.sh"

need_lab() {
	need_root
	need ovs-vswitchd openvswitch-switch
	need sshd openssh-server
	need ssh openssh-client
	need ip iproute2
	need ethtool ethtool
	need setcap libcap2-bin
	need ping iputils-ping
}

# Sets $lab_name to a name that no other test uses; the lab is removed on exit.
lab_name() { # SUFFIX
	lab_name=t$$$1
	test_labs="$test_labs $lab_name"
}

# Starts a lab, which the functions below then use.
lab_up() { # SUFFIX OPTIONS...
	lab_name "$1"
	shift
	"$LAB" up --name "$lab_name" "$@" >"$work/up" 2>&1 || { cat "$work/up" >&2; fail "lab up $*"; }
	lab_use "$lab_name"
}

lab_use() { # NAME
	lab=$1
	lab_dir=/var/lib/smartdeploy/lab/$lab
	export SMARTDEPLOY_HOME="$lab_dir/home"
}

lab_exec() { # DEVICE COMMAND...
	"$LAB" exec --name "$lab" "$@"
}

address_of() { # DEVICE
	sed -n "s/^$1 [a-z]* //p" "$lab_dir/devices"
}

# Logs in as the controller does: with the lab's user, key and known hosts.
ssh_to() { # DEVICE COMMAND
	ssh_with_input "$@" </dev/null
}

ssh_with_input() { # DEVICE COMMAND
	ssh -F none -i "$lab_dir/id_ed25519" -o UserKnownHostsFile="$lab_dir/known_hosts" \
		-o StrictHostKeyChecking=yes -o BatchMode=yes -o ConnectTimeout=5 -o LogLevel=ERROR \
		"sd-$lab@$(address_of "$1")" "$2"
}

host_ping() { # HOST HOST
	lab_exec "$1" ip neigh flush dev eth0 # a failed ping before would fail this one too
	lab_exec "$1" ping -q -c 1 -W 1 "192.0.2.${2#h}"
}

device_pid() { # DEVICE sshd|ovsdb-server|ovs-vswitchd
	case $2 in
	sshd) cat "$lab_dir/$1/run/sshd.pid" ;;
	*) cat "$lab_dir/$1/run/openvswitch/$2.pid" ;;
	esac
}

# --- The controller on a lab ---

need_wire() { # what the functions for frames need
	need tcpdump tcpdump
	need mausezahn netsniff-ng
}

switches() { sed -n 's/^\([a-z0-9]*\) \(leaf\|spine\) .*/\1/p' "$lab_dir/devices"; }

# Sets the driver's timeout in the inventory, so that recovery after a killed controller waits
# less.
hasten_switches() { # SECONDS
	sed -i 's/"driver": "ovs"/&, "option": [{"name": "timeout", "value": "'"$1"'"}]/' \
		"$lab_dir/inventory.json"
}

adopt_lab() {
	assert_status 0 sdctl device import "$lab_dir/inventory.json" "$lab_dir/topology.json"
	assert_status 0 sdctl device check
}

# The same with the switches alone, so that nothing is proven by traffic.
adopt_switches() {
	awk '/"host": \[/ { print; hosts = 1; next } hosts && /^ *\]/ { hosts = 0 } !hosts' \
		"$lab_dir/inventory.json" >"$work/switches.json"
	assert_status 0 sdctl device import "$work/switches.json" "$lab_dir/topology.json"
	assert_status 0 sdctl device check
}

# Writes a bridge domain as a document to $work/NAME.json.
document() { # NAME VLAN "DEVICE PORT [tagged]"...
	document=$work/$1.json
	printf '{"smartdeploy-bridge-domain:bridge-domain": {"name": "%s", "vlan": %s, "endpoint": [\n' \
		"$1" "$2" >"$document"
	shift 2
	for endpoint in "$@"; do
		# shellcheck disable=SC2086
		set_endpoint $endpoint
	done | sed '$!s/$/,/' >>"$document"
	echo ']}}' >>"$document"
}

set_endpoint() { # DEVICE PORT [tagged]
	printf '{"device": "%s", "port": "%s", "tagging": "%s"}\n' "$1" "$2" "${3:-access}"
}

# Stores a document, plans and applies it.
deploy() { # NAME VLAN "DEVICE PORT [tagged]"...
	document "$@"
	assert_status 0 sdctl config set "$work/$1.json"
	carry_out "$1"
}

# The devices in a printed plan, in order.
planned_devices() { # TEXT
	printf '%s\n' "$1" | sed -n 's/^  \([a-z0-9]*\) (ovs.*/\1/p' | tr '\n' ' ' | sed 's/ $//'
}

# --- What the devices themselves have recorded ---

# Number of connections to each device's sshd, logged in or not.
connections() { # DEVICE
	grep -c '^Connection from' "$lab_dir/$1/log/sshd.log" || :
}

all_connections() {
	while read -r d _; do echo "$d $(connections "$d")"; done <"$lab_dir/devices"
}

# Has each connection ended, so that sshd has nothing of it left to write?
all_ended() {
	while read -r d _; do
		awk '/^Connection from/ { begun++ } /^(Disconnected from|Connection (closed|reset) by)/ { ended++ }
			END { exit begun != ended }' "$lab_dir/$d/log/sshd.log" || return 1
	done <"$lab_dir/devices"
}

# Number of transactions that ovs-vsctl made in a switch's database.
transactions() { # SWITCH
	ovsdb-tool show-log "$lab_dir/$1/conf.db" | grep -c '"ovs-vsctl (invoked' || :
}

all_transactions() { for d in $(switches); do echo "$d $(transactions "$d")"; done; }

# The configuration of a switch: all tables and columns except those in which the switch itself
# reports (ovs-vswitchd.conf.db(5)), and without the driver's marker, which is new after each commit.
database() { # SWITCH
	for table in \
		"Open_vSwitch bridges external_ids manager_options other_config ssl system_type" \
		"Bridge _uuid name ports mirrors netflow sflow ipfix controller protocols fail_mode \
			datapath_type other_config external_ids flood_vlans flow_tables auto_attach \
			mcast_snooping_enable stp_enable rstp_enable" \
		"Port _uuid name interfaces tag trunks vlan_mode cvlans bond_mode bond_updelay \
			bond_downdelay bond_active_slave bond_fake_iface lacp qos mac fake_bridge \
			protected other_config external_ids" \
		"Interface _uuid name type options mac ofport_request bfd cfm_mpid mtu_request lldp \
			ingress_policing_rate ingress_policing_burst other_config external_ids" \
		QoS Queue Mirror NetFlow sFlow IPFIX Flow_Sample_Collector_Set Flow_Table Controller \
		Manager SSL AutoAttach; do
		# shellcheck disable=SC2086
		ovsdb-client -f csv dump "unix:$lab_dir/$1/run/openvswitch/db.sock" Open_vSwitch $table
	done | sed 's/"\{0,1\}{smartdeploy=[^,}]*}"\{0,1\}/{}/'
}

all_databases() {
	for d in $(switches); do
		echo "=== $d"
		database "$d"
	done
}

assert_database() { # WHAT EXPECTED, of all switches
	all_databases >"$work/databases"
	printf '%s\n' "$2" | diff -u - "$work/databases" >"$work/difference" ||
		fail "$1: the databases differ
$(cat "$work/difference")"
}

# The value of a port's column, as the switch prints it.
port_column() { # SWITCH PORT COLUMN
	lab_exec "$1" ovs-vsctl get Port "$2" "$3"
}

by_hand() { # SWITCH OVS-VSCTL-WORDS...
	hand_device=$1
	shift
	lab_exec "$hand_device" ovs-vsctl "$@"
}

# --- Frames ---

in_net() { # DEVICE COMMAND...
	net_device=$1
	shift
	nsenter --net="/run/netns/sd-$lab-$net_device" "$@"
}

# Starts to capture all frames at a host's interface.
capture() { # HOST...
	for h in "$@"; do
		nsenter --net="/run/netns/sd-$lab-$h" tcpdump -i eth0 -n -U --immediate-mode -Z root \
			-w "$work/$h.pcap" 2>"$work/$h.said" &
		echo $! >"$work/$h.capture"
	done
	for h in "$@"; do await grep -q 'listening on' "$work/$h.said"; done
}

# Ends the capture. Each host first sends a last frame, which shows that the capture has run until
# then.
capture_end() { # HOST...
	for h in "$@"; do
		send_frames "$h" ee 88b5 1
		await captured "$h" ee
		kill -INT "$(cat "$work/$h.capture")"
		wait "$(cat "$work/$h.capture")" || :
	done
}

# Sends broadcasts from a host, identified by the last byte of their source address. BYTES begin
# with the EtherType.
send_frames() { # HOST LAST-BYTE BYTES [COUNT]
	bytes=$(printf 'ffffffffffff0200000000%s%s' "$2" "$3" | sed 's/../&:/g; s/:$//')
	in_net "$1" mausezahn eth0 -q -c "${4:-3}" -p 46 "$bytes" >/dev/null 2>&1
}

# The captured frames with that source address, one a line, with their tags.
frames_from() { # HOST LAST-BYTE
	tcpdump -n -e -r "$work/$1.pcap" "ether[6:4] = 0x02000000 and ether[10:2] = 0x00$2" \
		2>/dev/null | grep "02:00:00:00:00:$2" || : # the other lines are their bytes
}

captured() { [ -n "$(frames_from "$1" "$2")" ]; } # HOST LAST-BYTE

# --- Interfering with a switch ---

# Makes a switch run the shell code on standard input before each ovs-vsctl of a login. "$@" are
# the arguments of ovs-vsctl; `exit` in the code means that it is not run. The code may call
# `changes "$@"` (is it a command that changes something?), `hold` (report, and wait for
# `release`) and `real "$@"` (run ovs-vsctl). Commands of the test through `by_hand` are not
# affected.
obstruct() { # SWITCH
	[ -x "$lab_dir/bin/ovs-vsctl" ] || cat >"$work/ovs-vsctl" <<'END'
#!/bin/sh
changes() {
	case " $* " in *" set "* | *" add "* | *" remove "* | *" clear "*) ;; *) return 1 ;; esac
}
hold() {
	echo here >/run/held
	read -r _ </run/go
}
real() { /usr/bin/ovs-vsctl "$@"; }
[ ! -r /run/obstacle ] || . /run/obstacle
real "$@"
END
	[ -x "$lab_dir/bin/ovs-vsctl" ] || install -m 755 "$work/ovs-vsctl" "$lab_dir/bin/ovs-vsctl"
	for fifo in held go; do
		rm -f "$lab_dir/$1/run/$fifo"
		mkfifo -m 666 "$lab_dir/$1/run/$fifo"
	done
	cat >"$work/obstacle"
	install -m 644 "$work/obstacle" "$lab_dir/$1/run/obstacle"
}

unobstruct() { rm -f "$lab_dir/$1/run/obstacle"; } # SWITCH

await_held() { # SWITCH
	timeout 20 cat "$lab_dir/$1/run/held" >/dev/null || fail "$1 was not sent the command within 20 s"
}

release() { # SWITCH
	echo go | timeout 20 tee "$lab_dir/$1/run/go" >/dev/null || fail "$1 holds no more"
}

# Kills a switch's sshd and all its sessions. Some end by themselves when others are killed.
kill_sshd() { # DEVICE
	await sshd_is_gone "$1"
}

# Kills the remaining sshd processes; succeeds when there are none.
sshd_is_gone() { # DEVICE
	inside=$(ip netns pids "sd-$lab-$1") || return 1
	left=''
	for pid in $inside; do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null || :)" != sshd ] || left="$left $pid"
	done
	[ -n "$left" ] || return 0
	# shellcheck disable=SC2086
	kill -9 $left
	return 1
}
