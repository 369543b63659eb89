# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh source-path=SCRIPTDIR source=lib.sh
# Functions for end-to-end tests on real routers, in addition to lib.sh.
. "${SMD_SOURCE_DIR:-$(dirname -- "$0")/../..}/tests/e2e/lib.sh"

router_daemons='zebra staticd'

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

# Starts real routers: zebra, staticd and the daemons in $router_daemons. Each router has its own
# network namespace, host name and sshd, in which a login starts vtysh. The management interface
# is `mgmt`. Sessions are recorded in $work/ROUTER/sessions; the controller's home is in $work
# too. May be called again to add routers.
routers_up() { # ROUTER...
	had=$routers
	routers="$routers${routers:+ }$*"
	[ -n "$had" ] || routers_prepare
	for r in "$@"; do
		router_wire "$r"
		router_daemons "$r"
		router_sshd "$r"
	done
	routers_inventory "$@" >"$work/inventory.json"
}

routers_prepare() {
	router_user=sd-t$$
	router_subnet
	SMARTDEPLOY_HOME=$work/home
	export SMARTDEPLOY_HOME
	mkdir -p "$SMARTDEPLOY_HOME" /run/sshd
	chmod 711 "$work"
	useradd --system --no-create-home --home-dir / --shell /bin/sh --password '*' \
		--groups frr,frrvty "$router_user"
	ssh-keygen -q -t ed25519 -N '' -f "$work/id_ed25519"
}

router_space() { echo "sdt$$$1"; } # ROUTER; its namespace, its instance and its cable's name

# Reserves the first free subnet by adding a route for it, which only one test can do. The
# interfaces have narrower subnets in it.
router_subnet() {
	router_net=0
	until [ -z "$(ip -4 route show root 198.19.$router_net.0/24)" ] &&
		ip route add unreachable 198.19.$router_net.0/24 2>/dev/null; do
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

# Runs a command in a router's namespace, with its host name.
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

# Joins two routers by a cable, which is called `wire` on both.
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

# Removes the routers, also those that are only partly set up.
routers_down() {
	for r in $routers; do
		space=$(router_space "$r")
		(await router_is_idle "$r") || : # what can be removed is removed all the same
		ip netns del "$space" 2>/dev/null || :
		ip link del "$space" 2>/dev/null || :
		rm -rf -- "/etc/frr/$space" "/run/frr/$space"
	done
	ip route del unreachable "198.19.$router_net.0/24" 2>/dev/null || :
	userdel "$router_user" 2>/dev/null || :
	routers=''
}

# Kills the remaining processes in its namespace; succeeds when there are none.
router_is_idle() { # ROUTER
	inside=$(ip netns pids "$(router_space "$1")" 2>/dev/null || :)
	[ -n "$inside" ] || return 0
	# shellcheck disable=SC2086
	kill -9 $inside
	return 1
}

# The running configuration as the router prints it, not read by the controller's login.
router_running() { # ROUTER
	vtysh -N "$(router_space "$1")" -c 'show running-config' # its socket is in no namespace
}

# The output of a show command.
router_show() { vtysh -N "$(router_space "$1")" -c "show $2"; } # ROUTER WORDS

# The configuration that the router would have after a restart.
router_saved() { cat "/etc/frr/$(router_space "$1")"/*.conf; } # ROUTER

# Enters lines from standard input, as somebody other than the controller.
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

# The lines that logins entered in configuration mode, from the recorded terminals.
entered() { # ROUTER
	cat "$work/$1"/sessions/* 2>/dev/null |
		sed -n 's/\r//g; s/.*'"$1"'(config[^)]*)# \(.\)/\1/p'
}

forget_entered() { for r in $routers; do rm -f "$work/$r"/sessions/*; done; }

# Writes a native configuration as a document to $work/NAME.json.
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
