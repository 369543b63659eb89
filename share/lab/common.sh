# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2034,SC2154,SC3013
# What all of the lab's commands share: names, messages, and the way into a device.
#
# Everything of a lab bears its name, so that it can be found again without its files:
#   sd-NAME         the management bridge, the login user
#   sd-NAME-leaf1   the network namespace of a device
#   sdK-leaf1       the device's port on the bridge, K from the subnet 198.18.K.0/24
# Its folder holds `devices` (name, kind, address), `links` and a folder per device, in which
# run/ and log/ are what the device sees as /run and /var/log.

labs=/var/lib/smartdeploy/lab

say() { printf 'lab: %s\n' "$*"; }
warn() { printf 'lab: warning: %s\n' "$*" >&2; }
print_error() { printf 'lab: error: %s\n' "$1${2:+
     hint: $2}" >&2; }
fail() { print_error "$@"; exit 1; }
refuse() { print_error "$@"; exit 3; }

number() { # NAME VALUE MIN MAX
	case $2 in
	'' | *[!0-9]* | ????*) refuse "--$1 '$2' is not a number from $3 to $4" ;;
	esac
	if [ "$2" -lt "$3" ] || [ "$2" -gt "$4" ]; then
		refuse "--$1 $2 is out of range: $3 to $4"
	fi
}

# Checks the options and derives every name from them.
settle() {
	case $name in
	[!a-z]* | *[!a-z0-9]* | '' | ???????????*)
		refuse "lab name '$name' is not valid" "a letter, then letters and digits, 10 at most" ;;
	esac
	dir=${dir:-$labs/$name}
	case $dir in
	*[!A-Za-z0-9/._-]* | *..*) refuse "folder '$dir' has characters other than A-Z a-z 0-9 / . _ -" ;;
	/*) ;;
	*) dir=$(pwd)/$dir ;;
	esac
	prefix=sd-$name-
	bridge=sd-$name
	user=sd-$name
	[ ! -L "$dir" ] || dir=$(readlink -f -- "$dir")
}

find_device() { # DEVICE
	[ -n "$1" ] || refuse "no device named" "see 'lab status --name $name'"
	[ -f "$dir/devices" ] || refuse "lab '$name' is not up" "sdctl lab up --name $name"
	[ -n "$(kind_of "$1")" ] || refuse "lab '$name' has no device '$1'" \
		"it has: $(cut -d' ' -f1 "$dir/devices" | tr '\n' ' ')"
}

kind_of() { # DEVICE
	while read -r d kind _; do
		[ "$d" != "$1" ] || echo "$kind"
	done <"$dir/devices"
}

# Only the device's network. (`ip -n` would do, but it fails in a chroot.)
in_net() { # DEVICE COMMAND...
	net_device=$1
	shift
	nsenter --net="/run/netns/$prefix$net_device" "$@"
}

# The device's own network, host name, /run and /var/log; so its programs find their sockets,
# and only theirs, where every Debian program looks for them.
enter() { # DEVICE COMMAND...
	enter_device=$1
	shift
	in_net "$enter_device" unshare --mount --uts --propagation "$(propagation)" \
		"$here/enter" "$enter_device" "$dir/$enter_device" "$dir/bin" "$@"
}

# What is mounted for a device stays with it; what is unmounted outside goes there too, or the
# device would keep namespaces alive. A plain chroot folder cannot be told so: `up` checks it.
propagation() { if mountpoint -q /; then echo slave; else echo unchanged; fi; }

namespaces() {
	ip netns list | while read -r ns _; do
		case $ns in "$prefix"*) echo "$ns" ;; esac
	done
}

# Is the folder one that `lab up` made for this lab, and root's own?
is_ours() {
	[ -d "$dir" ] && [ -O "$dir" ] && [ ! -L "$dir/.lab" ] && [ -f "$dir/.lab" ] &&
		[ "$(cat "$dir/.lab")" = "$name" ]
}

# The pid in a device's pid file, if that process lives and is the device's: pids are used again.
alive() { # DEVICE PIDFILE
	is_ours && [ ! -L "$dir/$1/run" ] || return 1
	read -r pid 2>/dev/null <"$dir/$1/run/$2" || return 1
	[ "/proc/$pid/root/run" -ef "$dir/$1/run" ] && echo "$pid"
}
