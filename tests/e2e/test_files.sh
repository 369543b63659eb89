#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files that are none: a FIFO or a device in the place of the store or a driver is refused and
# waits for nobody; texts and documents may come from pipes; what is too large is not read.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"

export SMARTDEPLOY_HOME="$work/home"

# Asserts that a command is refused within some seconds, in these words.
refused() { # WORDS COMMAND...
	words=$1
	shift
	assert_status 3 timeout 20 "$@"
	assert_contains "$*" "$words" "$output"
}

step "a FIFO or device as the store"
mkdir -m 0700 "$work/home"
mkfifo "$work/home/store.db"
refused "not a regular file" sdctl device list
refused "not a regular file" sdctl config remove x
rm "$work/home/store.db"
sdctl init 2>/dev/null
mkfifo "$work/home/store.db-journal"
refused "not a regular file" sdctl device list
rm "$work/home"/store.db*
ln -s /dev/zero "$work/home/store.db"
refused "not a regular file" sdctl device list
rm "$work/home/store.db"

step "a FIFO as a driver"
mkdir -m 0700 "$work/drivers"
mkfifo -m 0600 "$work/drivers/frr.so"
refused "no shared object" sdctl driver show "$work/drivers/frr.so"
refused "no shared object" sdctl --driver-path "$work/drivers" driver show frr

step "texts and documents from pipes"
echo "hostname a" >"$work/text"
parsed=$(sdctl parse --driver frr "$work/text")
assert_equal "from standard input" "$parsed" "$(sdctl parse --driver frr - <"$work/text")"
# shellcheck disable=SC2002
assert_equal "from a pipe" "$parsed" "$(cat "$work/text" | sdctl parse --driver frr /dev/stdin)"
mkfifo "$work/fifo"
cat "$work/text" >"$work/fifo" &
assert_equal "from a FIFO" "$parsed" "$(timeout 20 sdctl parse --driver frr "$work/fifo")"
echo '{"no": "document"}' >"$work/fifo" &
refused "$work/fifo" sdctl config set "$work/fifo"

step "a folder in the place of a file"
for command in apply "config set" "device import" "parse --driver frr"; do
	# shellcheck disable=SC2086
	assert_status 1 sdctl $command "$work/drivers"
	assert_contains "$command" "cannot read \"$work/drivers\": Is a directory" "$output"
done

step "a plan or document that is too large is not read"
truncate -s 170M "$work/large"
for command in apply "config set" "device import"; do
	# shellcheck disable=SC2086
	refused "has more than 64 MiB" sh -c 'ulimit -v 400000; exec sdctl "$@"' sh $command "$work/large"
done
refused "has more than 64 MiB" sh -c 'tr "\0" " " </dev/zero | sdctl apply -'

step "an error is JSON, too, before there is a controller"
for command in "--driver-path /nonexistent device list" "--driver-path /nonexistent plan x" "no command"; do
	# shellcheck disable=SC2086
	said=$(sdctl --json $command 2>/dev/null) && fail "$command: no error"
	assert_contains "$command" '"error":' "$said"
done
