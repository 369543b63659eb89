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
step=setup

finish() { # STATUS
	trap - EXIT
	for l in $test_labs; do
		"$LAB" down --name "$l" >"$work/down" 2>&1 || cat "$work/down" >&2
	done
	rm -rf -- "$work"
	[ "$1" = 0 ] || [ "$1" = 77 ] || printf 'FAILED in: %s\n' "$step" >&2
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
