# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# What the end-to-end tests share. ctest sets SMD_BUILD_DIR and SMD_SOURCE_DIR; a test sources
# this, says what it needs, builds a lab and asserts. Everything is removed again on exit.
set -eu

: "${SMD_BUILD_DIR:?is not set: the build folder, as ctest gives it}"
: "${SMD_SOURCE_DIR:=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)}"
PATH=$SMD_BUILD_DIR/bin:$PATH:/usr/sbin:/sbin
LAB=$SMD_SOURCE_DIR/share/lab/lab
[ ! -x "$SMD_BUILD_DIR/bin/smd-probe" ] || export SMD_PROBE="$SMD_BUILD_DIR/bin/smd-probe"
work=$(mktemp -d)
test_labs=''
routers=''
router_daemons='zebra staticd'
step=setup
missed=0

finish() { # STATUS
	trap - EXIT
	for l in $test_labs; do
		"$LAB" down --name "$l" >"$work/down" 2>&1 || cat "$work/down" >&2
	done
	[ -z "$routers" ] || routers_down
	rm -rf -- "$work"
	[ "$1" != 0 ] || [ $missed = 0 ] || set -- 1 "$missed assertions above"
	[ "$1" = 0 ] || [ "$1" = 77 ] || printf 'FAILED in: %s\n' "${2:-$step}" >&2
	exit "$1"
}
trap 'finish $?' EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP

step() { step=$*; printf -- '-- %s\n' "$*"; }

fail() { printf 'assertion failed: %s\n' "$*" >&2; exit 1; }

skip() { printf 'skipped: %s\n' "$*"; exit 77; }

need() { # PROGRAM PACKAGE
	command -v "$1" >/dev/null || skip "program '$1' is missing (Debian package $2)"
}

need_root() { [ "$(id -u)" = 0 ] || skip "needs root"; }

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

assert_equal() { # WHAT EXPECTED ACTUAL
	[ "$2" = "$3" ] || fail "$1
  expected: $2
  actual:   $3"
}

assert_contains() { # WHAT EXPECTED TEXT
	case $3 in
	*"$2"*) ;;
	*) fail "$1
  expected in it: $2
  actual:         $3" ;;
	esac
}

assert_lacks() { # WHAT UNWANTED TEXT
	case $3 in
	*"$2"*) fail "$1
  not expected in it: $2
  actual:             $3" ;;
	esac
}

# Runs a command, which must end in this status; its output is then in $output.
assert_status() { # STATUS COMMAND...
	expected=$1
	shift
	status=0
	output=$("$@" 2>&1) || status=$?
	[ "$status" = "$expected" ] || fail "$*
  expected: exit status $expected
  actual:   exit status $status
$output"
}

# An assertion that the rest does not depend on: the test goes on, and fails at its end.
expect() { # ASSERTION...
	("$@") || {
		missed=$((missed + 1))
		printf '  in: %s\n' "$step" >&2
	}
}

# Tries again until the command succeeds, for at most 10 s.
await() { # COMMAND...
	tries=200
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "still not so after 10 s: $*"
		sleep 0.05
	done
}

# A name for a lab that no other test uses; it is taken down on exit.
lab_name() { # SUFFIX
	lab_name=t$$$1
	test_labs="$test_labs $lab_name"
}

# Starts a lab and makes it the one that the functions below talk to.
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

# As the controller logs in: the lab's user, key and known hosts.
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

# The controller is told of the lab, and has logged in once everywhere.
# Switches that give up soon need no long rest when a controller died.
hasten_switches() { # SECONDS
	sed -i 's/"driver": "ovs"/&, "option": [{"name": "timeout", "value": "'"$1"'"}]/' \
		"$lab_dir/inventory.json"
}

adopt_lab() {
	assert_status 0 sdctl device import "$lab_dir/inventory.json" "$lab_dir/topology.json"
	assert_status 0 sdctl device check
}

# A bridge domain as a document in $work/NAME.json.
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

# A document is kept, planned and applied.
deploy() { # NAME VLAN "DEVICE PORT [tagged]"...
	document "$@"
	assert_status 0 sdctl config set "$work/$1.json"
	carry_out "$1"
}

remove() { # NAME
	assert_status 0 sdctl config remove "$1"
	carry_out "$1"
}

carry_out() { # NAME
	assert_status 2 sdctl plan "$1" --exit-code -o "$work/$1.plan"
	assert_status 0 sdctl apply "$work/$1.plan"
}

# The id of the newest deployment, and what history says of it.
newest() { sdctl history | tail -n 1 | cut -d' ' -f1; }
newest_line() { sdctl history | tail -n 1 | tr -s ' '; }

# The devices that a printed plan would touch, in order.
planned_devices() { # TEXT
	printf '%s\n' "$1" | sed -n 's/^  \([a-z0-9]*\) (ovs.*/\1/p' | tr '\n' ' ' | sed 's/ $//'
}

# --- What the devices' own side has seen ---

# Every connection to a device's sshd, logged in or not.
connections() { # DEVICE
	grep -c '^Connection from' "$lab_dir/$1/log/sshd.log" || :
}

all_connections() {
	while read -r d _; do echo "$d $(connections "$d")"; done <"$lab_dir/devices"
}

# Transactions that ovs-vsctl made in a switch's database.
transactions() { # SWITCH
	ovsdb-tool show-log "$lab_dir/$1/conf.db" | grep -c '"ovs-vsctl (invoked' || :
}

all_transactions() { for d in $(switches); do echo "$d $(transactions "$d")"; done; }

# What is configured on a switch: every table and column but those in which the switch itself
# reports (ovs-vswitchd.conf.db(5)).
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
		ovsdb-client dump "unix:$lab_dir/$1/run/openvswitch/db.sock" Open_vSwitch $table
	done
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

# A column of a port, as the switch prints it.
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

# Starts to write down every frame at a host's interface.
capture() { # HOST...
	for h in "$@"; do
		nsenter --net="/run/netns/sd-$lab-$h" tcpdump -i eth0 -n -U --immediate-mode -Z root \
			-w "$work/$h.pcap" 2>"$work/$h.said" &
		echo $! >"$work/$h.capture"
	done
	for h in "$@"; do await grep -q 'listening on' "$work/$h.said"; done
}

# Ends it. Each host then sends a last frame itself, so that the capture is known to have run
# until then.
capture_end() { # HOST...
	for h in "$@"; do
		send_frames "$h" ee 88b5 1
		await captured "$h" ee
		kill -INT "$(cat "$work/$h.capture")"
		wait "$(cat "$work/$h.capture")" || :
	done
}

# Broadcasts from a host, told apart by the last byte of their source; BYTES begin with the type.
send_frames() { # HOST LAST-BYTE BYTES [COUNT]
	bytes=$(printf 'ffffffffffff0200000000%s%s' "$2" "$3" | sed 's/../&:/g; s/:$//')
	in_net "$1" mausezahn eth0 -q -c "${4:-3}" -p 46 "$bytes" >/dev/null 2>&1
}

# The captured frames from such a source, one a line, with their tags.
frames_from() { # HOST LAST-BYTE
	tcpdump -n -e -r "$work/$1.pcap" "ether[6:4] = 0x02000000 and ether[10:2] = 0x00$2" \
		2>/dev/null | grep "02:00:00:00:00:$2" || : # the other lines are their bytes
}

captured() { [ -n "$(frames_from "$1" "$2")" ]; } # HOST LAST-BYTE

# --- Getting in a switch's way ---

# From now on this shell code (standard input) runs on a switch before each ovs-vsctl of a login:
# `exit` there keeps ovs-vsctl from being run, and "$@" are its arguments. The code may call
# `changes "$@"` (is it a command that changes something?), `hold` (says that it is here, and
# waits for `release`) and `real "$@"`. What the tests themselves do by `by_hand` is unaffected.
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

# sdctl in the background; `end_of` waits for it and leaves $status and $output.
# In the foreground of `timeout`, as otherwise a signal would be passed on twice.
begin() { # ARGUMENTS...
	timeout --foreground 120 sdctl "$@" >"$work/begun" 2>&1 &
	begun=$!
}

end_of() {
	status=0
	wait "$begun" || status=$?
	output=$(cat "$work/begun")
}

assert_ended() { # STATUSES
	end_of
	case " $1 " in *" $status "*) ;; *) fail "sdctl in the background
  expected: exit status $1
  actual:   exit status $status
$output" ;; esac
}

# A switch's sshd and every session of it.
kill_sshd() { # DEVICE
	for pid in $(ip netns pids "sd-$lab-$1"); do
		[ "$(cat "/proc/$pid/comm" 2>/dev/null || :)" != sshd ] || kill -9 "$pid"
	done
	await sh -c "! kill -0 $(device_pid "$1" sshd)"
}

# --- Routers ---

need_routers() {
	need_root
	need vtysh frr
	for daemon in $router_daemons; do
		[ -x "/usr/lib/frr/$daemon" ] || skip "$daemon is missing (Debian package frr)"
	done
	need sshd openssh-server
	need ssh-keygen openssh-client
	need ip iproute2
	need script bsdutils
}

# Real routers: zebra, staticd and what else $router_daemons has, each with a network namespace, a host name and an sshd of its
# own, in which one login ends in vtysh. The management cable is `mgmt`, and what a session saw
# is written down in $work/ROUTER/sessions. The controller's home is beside them. Can be called
# again, for more of them.
routers_up() { # ROUTER...
	[ -n "$routers" ] || routers_prepare
	routers="$routers${routers:+ }$*"
	for r in "$@"; do
		router_wire "$r"
		router_daemons "$r"
		router_sshd "$r"
	done
	routers_inventory "$@" >"$work/inventory.json"
}

routers_prepare() {
	router_user=sd-t$$
	SMARTDEPLOY_HOME=$work/home
	export SMARTDEPLOY_HOME
	mkdir -p "$SMARTDEPLOY_HOME" /run/sshd
	chmod 711 "$work"
	useradd --system --no-create-home --home-dir / --shell /bin/sh --password '*' \
		--groups frr,frrvty "$router_user"
	ssh-keygen -q -t ed25519 -N '' -f "$work/id_ed25519"
	router_subnet
}

router_space() { echo "sdt$$$1"; } # ROUTER; its namespace, its instance and its cable's name

router_subnet() {
	router_net=0
	until [ -z "$(ip -4 route show root 198.19.$router_net.0/24)" ]; do
		router_net=$((router_net + 1))
		[ $router_net -le 255 ] || fail "no subnet of 198.19.0.0/16 is free"
	done
}

router_address() { echo "198.19.$router_net.$((4 * ${1#r} + 2))"; } # ROUTER, r1 to r62

router_wire() { # ROUTER
	space=$(router_space "$1")
	ip -batch - <<-END_OF_BATCH
	netns add $space
	link add $space type veth peer name mgmt netns $space
	addr add 198.19.$router_net.$((4 * ${1#r} + 1))/30 dev $space
	link set $space up
	END_OF_BATCH
	nsenter --net="/run/netns/$space" ip -batch - <<-END_OF_BATCH
	link set lo up
	addr add $(router_address "$1")/30 dev mgmt
	link set mgmt up
	link add eth1 type veth peer name eth2
	END_OF_BATCH
}

router_daemons() { # ROUTER
	space=$(router_space "$1")
	install -d -o frr -g frr "/etc/frr/$space" "/run/frr/$space"
	install -o frr -g frrvty -m 640 /dev/null "/etc/frr/$space/vtysh.conf"
	for daemon in $router_daemons; do
		router_exec "$1" "/usr/lib/frr/$daemon" -d -N "$space" -i "/run/frr/$space/$daemon.pid" \
			>"$work/$1.$daemon" 2>&1 || { cat "$work/$1.$daemon" >&2; fail "$daemon of $1"; }
		await test -S "/run/frr/$space/$daemon.vty"
	done
}

# In its namespace, and under its host name.
router_exec() { # ROUTER COMMAND...
	# shellcheck disable=SC2016
	nsenter --net="/run/netns/$(router_space "$1")" unshare --uts \
		sh -c 'printf "%s\n" "$0" >/proc/sys/kernel/hostname; exec "$@"' "$@"
}

router_sshd() { # ROUTER
	mkdir "$work/$1"
	install -d -m 700 -o "$router_user" "$work/$1/sessions"
	cp "$work/id_ed25519.pub" "$work/$1/authorized_keys"
	cat >"$work/$1/shell" <<-END_OF_SHELL
	#!/bin/sh
	exec script -q -f -c '/usr/bin/vtysh -N $(router_space "$1")' $work/$1/sessions/\$\$
	END_OF_SHELL
	chmod 755 "$work/$1/shell"
	ssh-keygen -q -t ed25519 -N '' -f "$work/$1/host_key"
	read -r type key _ <"$work/$1/host_key.pub"
	echo "$(router_address "$1") $type $key" >>"$work/known_hosts"
	cat >"$work/$1/sshd_config" <<-END_OF_CONFIG
	ListenAddress $(router_address "$1"):22
	HostKey $work/$1/host_key
	PidFile $work/$1/sshd.pid
	AuthorizedKeysFile $work/$1/authorized_keys
	StrictModes no
	AllowUsers $router_user
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	UsePAM no
	PrintMotd no
	PrintLastLog no
	LogLevel VERBOSE
	ForceCommand $work/$1/shell
	END_OF_CONFIG
	router_exec "$1" /usr/sbin/sshd -f "$work/$1/sshd_config" -E "$work/$1/sshd.log"
	await test -s "$work/$1/sshd.pid"
}

# A cable between two routers, `wire` on both ends.
router_cable() { # ROUTER ADDRESS/LENGTH ROUTER ADDRESS/LENGTH
	ip link add wire netns "$(router_space "$1")" type veth peer name wire \
		netns "$(router_space "$3")"
	for end in "$1 $2" "$3 $4"; do
		space=$(router_space "${end% *}")
		nsenter --net="/run/netns/$space" ip addr add "${end#* }" dev wire
		nsenter --net="/run/netns/$space" ip link set wire up
	done
}

routers_inventory() { # ROUTER...
	printf '{"smartdeploy-inventory:inventory": {"known-hosts": "%s",\n"credential": [' \
		"$work/known_hosts"
	printf '{"name": "vtysh", "user": "%s", "key-file": "%s"}],\n"device": [\n' "$router_user" \
		"$work/id_ed25519"
	for r in "$@"; do
		printf '{"name": "%s", "driver": "frr", "address": "%s", "credential": "vtysh"' \
			"$r" "$(router_address "$r")"
		printf ', "option": [{"name": "line-deadline", "value": "%s"}]}\n' "${line_deadline:-30}"
	done | sed '$!s/$/,/'
	printf ']}}\n'
}

# Fine for routers that are half there.
routers_down() {
	for r in $routers; do
		space=$(router_space "$r")
		for tries in 1 2 3 4 5; do
			pids=$(ip netns pids "$space" 2>/dev/null || :)
			[ -n "$pids" ] || break
			# shellcheck disable=SC2086
			kill -9 $pids 2>/dev/null || :
			sleep 0.0$tries
		done
		ip netns del "$space" 2>/dev/null || :
		ip link del "$space" 2>/dev/null || :
		rm -rf -- "/etc/frr/$space" "/run/frr/$space"
	done
	userdel "$router_user" 2>/dev/null || :
	routers=''
}

# What a router runs, as it says itself. Not by the login that the controller uses.
router_running() { # ROUTER
	vtysh -N "$(router_space "$1")" -c 'show running-config' # its socket is in no namespace
}

# What a router knows, by one of its show commands.
router_show() { vtysh -N "$(router_space "$1")" -c "show $2"; } # ROUTER WORDS

# What it would run after a restart.
router_saved() { cat "/etc/frr/$(router_space "$1")"/*.conf; } # ROUTER

# Lines entered by somebody else, from standard input.
router_by_hand() { # ROUTER
	sed 's/^/-c\n/; 1i -c\nconfigure terminal' >"$work/$1/lines"
	xargs -d '\n' -a "$work/$1/lines" vtysh -N "$(router_space "$1")" ||
		fail "$1 refused what was entered by hand"
}

all_running() {
	for r in $routers; do
		echo "=== $r"
		router_running "$r"
	done
}

assert_running() { # WHAT EXPECTED, of all routers
	all_running >"$work/running"
	printf '%s\n' "$2" | diff -u - "$work/running" >"$work/difference" ||
		fail "$1: the routers run something else
$(cat "$work/difference")"
}

# What was entered in configuration mode by logins, as the router's terminals showed it.
entered() { # ROUTER
	cat "$work/$1"/sessions/* 2>/dev/null |
		sed -n 's/\r//g; s/.*'"$1"'(config[^)]*)# \(.\)/\1/p'
}

forget_entered() { for r in $routers; do rm -f "$work/$r"/sessions/*; done; }

# A native configuration as a document in $work/NAME.json, from lines of JSON arguments.
native() { # NAME [ROUTER LINES]...; LINES are divided by line breaks
	document=$work/$1.json
	printf '{"smartdeploy-native:native": {"name": "%s", "device": [\n' "$1" >"$document"
	shift
	while [ $# -gt 0 ]; do
		printf '{"name": "%s", "line": [\n' "$1"
		printf '%s\n' "$2" | sed 's/["\\]/\\&/g; s/.*/"&"/; $!s/$/,/'
		printf ']}\n'
		shift 2
		[ $# = 0 ] || printf ',\n'
	done >>"$document"
	echo ']}}' >>"$document"
}
