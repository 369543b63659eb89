#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Files that are none: a FIFO or a device in the place of the store or a driver is refused and
# waits for nobody; texts and documents may come from pipes; what is too large is not read.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
need python3 python3

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

step "what is no file, or no text, is said so at once"
mkdir "$work/folder"
python3 -c 'import socket, sys; socket.socket(socket.AF_UNIX).bind(sys.argv[1])' "$work/socket"
for command in apply "config set" "device import" "parse --driver ios" "diff --driver ios $work/text"; do
	for file in "folder|Is a directory" "socket|No such device or address" "zero|it is not text"; do
		path=$work/${file%|*}
		[ "$path" != "$work/zero" ] || path=/dev/zero
		# shellcheck disable=SC2086
		assert_status 1 timeout 20 sh -c 'ulimit -v 400000; exec sdctl "$@"' sh $command "$path"
		assert_equal "$command $path" "sdctl: cannot read \"$path\": ${file#*|}" "$output"
	done
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
