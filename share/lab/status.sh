# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# lab status: what of the lab runs.

lab_status() {
	if [ ! -f "$dir/devices" ]; then
		say "'$name' is not up"
		return 1
	fi
	all=0
	printf '%-10s %-22s %-15s %-5s %-5s\n' DEVICE NAMESPACE ADDRESS SSHD OVS
	while read -r d kind address; do
		ns=- sshd=down ovs=-
		[ ! -e "/run/netns/$prefix$d" ] || ns=$prefix$d
		! alive "$d" sshd.pid >/dev/null || sshd=up
		[ "$kind" = host ] || ovs=$(ovs_state "$d")
		printf '%-10s %-22s %-15s %-5s %-5s\n' "$d" "$ns" "$address" "$sshd" "$ovs"
		case "$ns $sshd $ovs" in '- '* | *down*) all=1 ;; esac
	done <"$dir/devices"
	return $all
}

ovs_state() { # DEVICE
	if alive "$1" openvswitch/ovsdb-server.pid >/dev/null &&
		alive "$1" openvswitch/ovs-vswitchd.pid >/dev/null; then
		echo up
	else
		echo down
	fi
}
