# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# lab down: removes whatever bears the lab's name; what is not there is no error.

lab_down() {
	PATH=$PATH:/usr/sbin:/sbin
	[ "$(id -u)" = 0 ] || fail "removing a lab needs root" "run it as root"
	need ip iproute2
	found=''
	end_processes
	remove_network
	end_processes # started while the first ones ended, by an `up` that was killed
	remove_login
	remove_folder
	[ -n "$found" ] || say "'$name': nothing to remove"
}

removed() { found=1; say "$*"; }

# By namespace, and by pid file: a namespace may have lost its name while its daemons live on.
processes() {
	for ns in $(namespaces); do
		ip netns pids "$ns"
	done
	for file in "$dir"/*/run/*.pid "$dir"/*/run/openvswitch/*.pid; do
		[ -f "$file" ] || continue
		folder=${file#"$dir"/}
		alive "${folder%%/*}" "${folder#*/run/}" || :
	done
}

end_processes() {
	pids=$(processes | sort -un)
	[ -n "$pids" ] || return 0
	# shellcheck disable=SC2086
	removed "ending $(echo $pids | wc -w) processes"
	tries=250
	while [ -n "$pids" ] && [ $tries -gt 0 ]; do
		# shellcheck disable=SC2086
		kill -9 $pids 2>/dev/null || :
		sleep 0.02
		pids=$(processes | sort -un)
		tries=$((tries - 1))
	done
	# shellcheck disable=SC2086
	[ -z "$pids" ] || warn "still alive after 5 s:" $pids
}

remove_network() {
	ports=$(ip -o link show master "$bridge" 2>/dev/null | sed 's/^[0-9]*: \([^:@]*\).*/\1/')
	spaces=$(namespaces)
	if [ -n "$spaces" ]; then
		# shellcheck disable=SC2086
		removed "removing $(echo $spaces | wc -w) namespaces"
	fi
	{
		for port in $ports; do echo "link del $port"; done
		for ns in $spaces; do echo "netns del $ns"; done
	} | ip -force -batch - 2>/dev/null || : # a cable may just have gone with its namespace
	spaces=$(namespaces)
	[ -z "$spaces" ] || fail "namespaces could not be removed: $spaces"
	if ip link show dev "$bridge" >/dev/null 2>&1; then
		removed "removing bridge $bridge"
		ip link del "$bridge"
	fi
}

remove_login() {
	comment=$(getent passwd "$user" | cut -d: -f5)
	if [ "$comment" = "Smart Deploy lab $name" ]; then
		removed "removing user $user"
		userdel "$user"
	elif [ -n "$comment" ]; then
		warn "user $user was not made by the lab: left alone"
	fi
}

# Only a folder that `lab up` has made is removed.
remove_folder() {
	if is_ours; then
		removed "removing folder $dir"
		tries=250
		until complaint=$(rm -rf -- "$dir" 2>&1); do # an `up` that was killed may still write
			tries=$((tries - 1))
			[ $tries -gt 0 ] || fail "$complaint" "it is still in use after 5 s"
			sleep 0.02
		done
	elif [ -d "$dir" ] && ! rmdir "$dir" 2>/dev/null; then
		warn "folder $dir does not look like a lab's: left alone"
	fi
	[ ! -L "$labs/$name" ] || rm -- "$labs/$name"
	rmdir "$labs" "${labs%/*}" 2>/dev/null || :
}
