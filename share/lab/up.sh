# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# lab up: claim the name, wire the namespaces, then start all devices at once.

need() { # PROGRAM PACKAGE
	command -v "$1" >/dev/null || fail "program '$1' is missing" "apt-get install $2"
}

check_needs() {
	[ "$(id -u)" = 0 ] || fail "the lab needs root: it makes network namespaces" "run it as root"
	need ip iproute2
	need ovs-vswitchd openvswitch-switch
	need ovsdb-tool openvswitch-common
	need sshd openssh-server
	need ssh-keygen openssh-client
	need ethtool ethtool
	need setcap libcap2-bin
	[ -c /dev/net/tun ] || { mkdir -p /dev/net && mknod -m 666 /dev/net/tun c 10 200; } ||
		fail "/dev/net/tun is missing: Open vSwitch needs it" "modprobe tun"
}

check_size() {
	number leaves "$leaves" 1 40
	number spines "$spines" 1 40
	hosts=${hosts:-$leaves}
	number hosts "$hosts" 0 150
}

lab_up() {
	PATH=$PATH:/usr/sbin:/sbin
	check_needs
	check_size
	if [ -e "$dir" ] || [ -e "$labs/$name" ] || ip link show dev "$bridge" >/dev/null 2>&1 ||
		getent passwd "$user" >/dev/null || [ -n "$(namespaces)" ]; then
		refuse "lab '$name' exists already, whole or in parts" \
			"'lab status --name $name' shows it, 'lab down --name $name' removes it"
	fi
	claim
	trap 'abandon $?' EXIT
	trap 'exit 130' INT
	trap 'exit 143' TERM HUP
	prepare
	found_network
	design
	wire
	start_all
	describe
	trap - EXIT INT TERM HUP
	say "'$name' is up: $leaves leaves, $spines spines, $hosts hosts; management 198.18.$net.0/24"
	say "now: . $dir/env"
}

abandon() { # STATUS
	trap - EXIT INT TERM HUP
	wait # a device still starting would outlive the clean-up
	print_error "lab '$name' could not be built; removing what was made"
	lab_down >&2 || :
	exit "$(($1 ? $1 : 1))"
}

# Of two that want the same name at once, one gets past this.
claim() {
	mkdir -p "$labs" "${dir%/*}"
	mkdir -m 0755 -- "$dir" || fail "folder '$dir' cannot be made"
	printf '%s\n' "$name" >"$dir/.lab" # what `down` knows it by
	[ "$dir" = "$labs/$name" ] || ln -sT "$dir" "$labs/$name" || fail "lab '$name' is being built"
}

prepare() {
	mkdir "$dir/home" "$dir/bin"
	check_mounts
	useradd --system --user-group --no-create-home --home-dir / --shell /bin/sh --password '*' \
		--comment "Smart Deploy lab $name" "$user"
	ssh-keygen -q -t ed25519 -N '' -C "$user" -f "$dir/id_ed25519"
	install_probe
}

# In a chroot a mount made for one device may show to all.
check_mounts() {
	unshare --mount --propagation "$(propagation)" mount --bind "$dir/home" "$dir/bin"
	if mountpoint -q "$dir/bin"; then
		umount "$dir/bin"
		fail "mounts made here show outside of this chroot" "enter it by 'unshare --mount chroot'"
	fi
}

# Takes the first free subnet. The lock lets two labs start at once.
found_network() {
	exec 9</run
	flock 9
	net=$(free_subnet)
	ip -batch - <<-END
	link add $bridge address 02:5d:00:00:$(printf %02x "$net"):01 type bridge
	addr add 198.18.$net.1/24 dev $bridge
	link set $bridge addrgenmode none
	link set $bridge up
	END
	exec 9<&-
}

free_subnet() {
	k=0
	while [ -n "$(ip -4 route show root "198.18.$k.0/24")" ] ||
		ip -4 route show match "198.18.$k.0/24" | grep -qv ^default; do
		k=$((k + 1))
		[ $k -le 255 ] || fail "no subnet of 198.18.0.0/16 is free" "see 'ip route'"
	done
	echo $k
}

# The login may send raw frames with the probe, and with nothing else.
install_probe() {
	probe=${SMD_PROBE:-}
	if [ -z "$probe" ] && sdctl=$(command -v sdctl); then
		probe=${sdctl%/*}/smd-probe
	fi
	if [ ! -x "$probe" ]; then
		warn "no smd-probe: hosts will not be able to prove connectivity (set SMD_PROBE)"
		return
	fi
	install -m 755 "$probe" "$dir/bin/smd-probe"
	setcap cap_net_raw+ep "$dir/bin/smd-probe"
}

# Writes down the devices (name, kind, address) and the links (device port device port).
design() {
	for i in $(seq "$leaves"); do echo "leaf$i leaf 198.18.$net.$((10 + i))"; done >"$dir/devices"
	for i in $(seq "$spines"); do echo "spine$i spine 198.18.$net.$((50 + i))"; done >>"$dir/devices"
	for i in $(seq "$hosts"); do echo "h$i host 198.18.$net.$((100 + i))"; done >>"$dir/devices"
	for i in $(seq "$leaves"); do
		for j in $(seq "$spines"); do echo "leaf$i spine$j spine$j leaf$i"; done
	done >"$dir/links"
	for i in $(seq "$hosts"); do echo "leaf$(((i - 1) % leaves + 1)) h$i h$i eth0"; done >>"$dir/links"
}

# One batch makes every namespace and cable; every end is down until its device raises it.
wire() {
	{
		while read -r d _; do
			echo "netns add $prefix$d"
			echo "link add sd$net-$d up master $bridge type veth peer name mgmt netns $prefix$d"
		done <"$dir/devices"
		while read -r a p b q; do
			echo "link add $p netns $prefix$a type veth peer name $q netns $prefix$b"
		done <"$dir/links"
	} | ip -batch -
}

start_all() {
	say "starting $(wc -l <"$dir/devices") devices"
	jobs=''
	while read -r d kind address; do
		mkdir -m 700 "$dir/$d"
		(
			device_make "$d" "$address"
			device_start "$d" "$kind"
		) >"$dir/$d/start.log" 2>&1 &
		jobs="$jobs $d:$!"
	done <"$dir/devices"
	for job in $jobs; do
		wait "${job#*:}" ||
			fail "device '${job%:*}' did not start: $(tail -n 3 "$dir/${job%:*}/start.log")"
	done
}

device_make() { # DEVICE ADDRESS
	mkdir -p "$dir/$1/run/sshd" "$dir/$1/run/openvswitch" "$dir/$1/run/bin" \
		"$dir/$1/log/openvswitch"
	cp "$dir/id_ed25519.pub" "$dir/$1/run/authorized_keys"
	ssh-keygen -q -t ed25519 -N '' -C "$1" -f "$dir/$1/host_key"
	sshd_config "$1" "$2" >"$dir/$1/sshd_config"
	in_net "$1" ip -batch - <<-END
	link set lo up
	addr add $2/24 dev mgmt
	link set mgmt up
	END
}

sshd_config() { # DEVICE ADDRESS
	cat <<-END
	ListenAddress $2:22
	HostKey $dir/$1/host_key
	PidFile /run/sshd.pid
	AuthorizedKeysFile /run/authorized_keys
	AllowUsers $user
	PasswordAuthentication no
	KbdInteractiveAuthentication no
	UsePAM no
	PermitUserEnvironment no
	PermitUserRC no
	DisableForwarding yes
	SetEnv PATH=/run/bin:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin LC_ALL=C
	PrintMotd no
	PrintLastLog no
	LogLevel VERBOSE
	MaxStartups 200
	MaxSessions 64
	Subsystem sftp internal-sftp
	END
}

device_start() { # DEVICE KIND
	alive "$1" sshd.pid >/dev/null || {
		rm -f "$dir/$1/run/sshd.pid"
		enter "$1" /usr/sbin/sshd -f "$dir/$1/sshd_config" -E /var/log/sshd.log
	}
	if [ "$2" = host ]; then host_start "$1"; else switch_start "$1"; fi
	await_file "$dir/$1/run/sshd.pid" # sshd writes it once it listens
}

host_start() { # DEVICE
	in_net "$1" ip -batch - <<-END
	addr replace 192.0.2.${1#h}/24 dev eth0
	link set eth0 addrgenmode none
	link set eth0 up
	END
	# The userspace datapath forwards what it reads: checksums left to hardware would stay wrong.
	in_net "$1" ethtool -K eth0 tx off >/dev/null
}

switch_start() { # DEVICE
	[ -f "$dir/$1/conf.db" ] ||
		ovsdb-tool create "$dir/$1/conf.db" /usr/share/openvswitch/vswitch.ovsschema
	alive "$1" openvswitch/ovsdb-server.pid >/dev/null || {
		enter "$1" ovsdb-server --detach --pidfile --log-file -vconsole:off \
			--remote=punix:/run/openvswitch/db.sock "$dir/$1/conf.db"
		chgrp "$user" "$dir/$1/run/openvswitch/db.sock"
		chmod 660 "$dir/$1/run/openvswitch/db.sock"
	}
	ports=$(ports_of "$1")
	# shellcheck disable=SC2046,SC2086
	[ -f "$dir/$1/parked" ] || enter "$1" ovs-vsctl --no-wait $(parked $ports)
	: >"$dir/$1/parked"
	alive "$1" openvswitch/ovs-vswitchd.pid >/dev/null || {
		for port in $ports; do echo "link set $port addrgenmode none down"; done |
			in_net "$1" ip -batch -
		enter "$1" ovs-vswitchd --detach --pidfile --log-file -vconsole:off --disable-system
		# IEEE 802.1Q reserves VLAN 4095, Open vSwitch would carry it.
		enter "$1" ovs-ofctl add-flow br0 priority=65535,dl_vlan=4095,actions=drop
	}
	for port in $ports; do echo "link set $port up"; done | in_net "$1" ip -batch -
}

ports_of() { # DEVICE
	while read -r a p b q; do
		[ "$a" != "$1" ] || echo "$p"
		[ "$b" != "$1" ] || echo "$q"
	done <"$dir/links"
}

# One transaction makes the bridge and its ports, so that no port ever carries a VLAN unparked:
# in Open vSwitch a port without tag and trunks carries them all.
parked() { # PORT...
	echo "add-br br0 -- set Bridge br0 datapath_type=netdev -- set Port br0 trunks=4095"
	for port in "$@"; do
		echo "-- add-port br0 $port -- set Port $port trunks=4095"
	done
}

await_file() { # FILE
	tries=250
	until [ -s "$1" ]; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "'$1' did not appear within 5 s" "see the logs beside it"
		sleep 0.02
	done
}

# The lab as the controller is told of it.
describe() {
	while read -r d _ address; do
		read -r type key _ <"$dir/$d/host_key.pub"
		echo "$address $type $key"
	done <"$dir/devices" >"$dir/known_hosts"
	inventory >"$dir/inventory.json"
	topology >"$dir/topology.json"
	echo "export SMARTDEPLOY_HOME=$dir/home" >"$dir/env"
}

commas() { sed '$!s/$/,/'; }

inventory() {
	cat <<-END
	{
	  "smartdeploy-inventory:inventory": {
	    "known-hosts": "$dir/known_hosts",
	    "credential": [
	      {"name": "lab", "user": "$user", "key-file": "$dir/id_ed25519"}
	    ],
	    "device": [
	END
	while read -r d kind address; do
		[ "$kind" = host ] || printf '      {"name": "%s", "driver": "ovs", "address": "%s", "port": 22, "credential": "lab", "role": "%s"}\n' \
			"$d" "$address" "$kind"
	done <"$dir/devices" | commas
	printf '    ],\n    "host": [\n'
	while read -r a p b q; do
		[ "$q" != eth0 ] || printf '      {"name": "%s", "address": "%s", "port": 22, "credential": "lab", "device": "%s", "device-port": "%s", "interface": "eth0", "ip": "192.0.2.%s"}\n' \
			"$b" "198.18.$net.$((100 + ${b#h}))" "$a" "$p" "${b#h}"
	done <"$dir/links" | commas
	printf '    ]\n  }\n}\n'
}

topology() {
	printf '{\n  "smartdeploy-topology:topology": {\n    "link": [\n'
	while read -r a p b q; do
		[ "$q" = eth0 ] || printf '      {"a-device": "%s", "a-port": "%s", "b-device": "%s", "b-port": "%s"}\n' \
			"$a" "$p" "$b" "$q"
	done <"$dir/links" | commas
	printf '    ]\n  }\n}\n'
}
