# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh
# Functions for all end-to-end tests. ctest sets SMD_BUILD_DIR and SMD_SOURCE_DIR. A test sources
# this file, lab.sh or routers.sh, names what it needs, and asserts. Everything is removed on
# exit.
set -eu

: "${SMD_BUILD_DIR:?is not set: the build folder, as ctest gives it}"
: "${SMD_SOURCE_DIR:=$(CDPATH='' cd -- "$(dirname -- "$0")/../.." && pwd)}"
PATH=$SMD_BUILD_DIR/bin:$PATH:/usr/sbin:/sbin
LAB=$SMD_SOURCE_DIR/share/lab/lab
[ ! -x "$SMD_BUILD_DIR/bin/smd-probe" ] || export SMD_PROBE="$SMD_BUILD_DIR/bin/smd-probe"
work=$(mktemp -d)
test_labs=''
routers=''
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

# Runs a command and asserts its exit status. $output gets its output.
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

# An assertion that later ones do not depend on: if it fails, the test goes on and fails at its
# end.
expect() { # ASSERTION...
	("$@") || {
		missed=$((missed + 1))
		printf '  in: %s\n' "$step" >&2
	}
}

# Repeats a command until it succeeds, for at most 10 s.
await() { # COMMAND...
	tries=200
	until "$@" >/dev/null 2>&1; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || fail "still not so after 10 s: $*"
		sleep 0.05
	done
}

# --- The controller ---

remove() { # NAME
	assert_status 0 sdctl config remove "$1"
	carry_out "$1"
}

carry_out() { # NAME
	assert_status 2 sdctl plan "$1" --exit-code -o "$work/$1.plan"
	assert_status 0 sdctl apply "$work/$1.plan"
}

# The id of the newest deployment, and its line in the history without when and by whom.
newest() { sdctl history --limit 1 2>/dev/null | tail -n 1 | cut -d' ' -f1; }
newest_line() { sdctl history --limit 1 2>/dev/null | tail -n 1 | tr -s ' ' | cut -d' ' -f1,5-; }

# Starts sdctl in the background. `end_of` waits for it and sets $status and $output. `timeout
# --foreground`, because otherwise a signal would reach sdctl twice.
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

# Kills sdctl in the background, which is a child of `timeout`, and waits until it is gone.
kill_begun() {
	controller=$(cat "/proc/$begun/task/$begun/children")
	kill -9 "${controller% }"
	end_of
	assert_equal "exit status of what was killed" 137 "$status"
}

# Runs a command whose wall clock is wrong by so many seconds. Needs cc.
at_clock() { # SECONDS COMMAND...
	[ -r "$work/clock.so" ] || cc -shared -fPIC -O1 -x c - -o "$work/clock.so" <<'END'
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

int clock_gettime(clockid_t id, struct timespec *now)
{
	int err = (int)syscall(SYS_clock_gettime, id, now);

	if (id == CLOCK_REALTIME || id == CLOCK_REALTIME_COARSE)
		now->tv_sec += atol(getenv("WRONG_CLOCK"));
	return err;
}

int gettimeofday(struct timeval *restrict now, void *restrict zone)
{
	struct timespec exact;

	(void)zone;
	clock_gettime(CLOCK_REALTIME, &exact);
	now->tv_sec = exact.tv_sec;
	now->tv_usec = exact.tv_nsec / 1000;
	return 0;
}

time_t time(time_t *now)
{
	struct timespec exact;

	clock_gettime(CLOCK_REALTIME, &exact);
	if (now)
		*now = exact.tv_sec;
	return exact.tv_sec;
}
END
	wrong=$1
	shift
	env WRONG_CLOCK="$wrong" LD_PRELOAD="$work/clock.so" "$@"
}
