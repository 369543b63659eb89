#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Switches with two accounts: what only reads logs in by one of them, what changes them by the
# other. Checks of many devices, accepted keys, and a switch that does not answer.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab

# The reading account is a second user of the switches, in the same group.
reader=''
end() { # STATUS
	[ -z "$reader" ] || userdel "$reader"
	finish "$1"
}
trap 'end $?' EXIT

add_reader() {
	useradd --system --no-create-home --home-dir / --shell /bin/sh --password '*' \
		--gid "sd-$lab" "sd-${lab}r"
	reader=sd-${lab}r
	for d in $(switches); do
		sed -i "s/^AllowUsers .*/& $reader/" "$lab_dir/$d/sshd_config"
		kill_sshd "$d"
		assert_status 0 "$LAB" start --name "$lab" "$d"
	done
	viewer='{"name": "viewer", "user": "'$reader'", "key-file": "'$lab_dir'/id_ed25519"},'
	sed -i "s#{\"name\": \"lab\", \"user\"#$viewer\n&#" "$lab_dir/inventory.json"
}

# Logins to all switches by a user.
logins() { # USER
	for d in $(switches); do cat "$lab_dir/$d/log/sshd.log"; done |
		grep -c "^Accepted publickey for $1 " || :
}

# Runs sdctl and asserts how many switches each account has logged in to.
by_accounts() { # READER WRITER STATUS ARGUMENTS...
	by_reader=$(logins "$reader") by_writer=$(logins "sd-$lab")
	want_reader=$1 want_writer=$2 want_status=$3
	shift 3
	assert_status "$want_status" sdctl "$@"
	assert_equal "logins to read, by $*" "$want_reader" "$(($(logins "$reader") - by_reader))"
	assert_equal "logins to write, by $*" "$want_writer" "$(($(logins "sd-$lab") - by_writer))"
}

lab_up v --leaves 2 --spines 1
hasten_switches 2
add_reader
adopt_switches

step "one account reads and writes, where there is no other"
document blue 100 "leaf1 h1" "leaf2 h2"
assert_status 0 sdctl config set "$work/blue.json"
by_accounts 0 3 0 device check
by_accounts 0 3 2 plan blue --exit-code

step "the reading account plans, verifies, checks and shows; the other one changes"
for d in $(switches); do
	assert_status 0 sdctl device set "$d" read-only-credential=viewer
	assert_contains "what it changes" "changes 1 device: $d (read-only-credential)" "$output"
done
by_accounts 3 0 0 device check
by_accounts 3 0 2 plan blue --exit-code -o "$work/blue.plan"
by_accounts 0 3 0 apply "$work/blue.plan" --comment "CHG-1 for h1"
assert_contains "the comment" "CHG-1 for h1" "$output"
by_accounts 3 0 0 verify blue
by_accounts 1 0 0 device show leaf1 --config
assert_contains "what runs" '"h1"' "$output"
assert_contains "what is deployed" "blue" "$output"
by_accounts 3 3 0 rollback last --yes --comment "CHG-1 taken back"
assert_contains "history" "  CHG-1 for h1" "$(sdctl history)"
assert_contains "status" "CHG-1 taken back" "$(sdctl status blue)"
by_accounts 0 0 3 apply "$work/blue.plan" --comment "$(printf 'a\033b')"
assert_contains "a bad comment" "control character" "$output"

step "the inventory that is exported changes nothing"
assert_status 0 sdctl device export -o "$work/exported.json"
assert_status 0 sdctl device import "$work/exported.json" --dry-run
assert_contains "export and import" "changes nothing" "$output"

step "twenty at a time accept keys, and lose none"
cp "$lab_dir/known_hosts" "$work/known_hosts"
: >"$lab_dir/known_hosts"
for d in $(switches); do
	ssh-keygen -lf "$lab_dir/$d/host_key.pub" | cut -d' ' -f2 >"$work/$d.fingerprint"
done
jobs=''
for n in 1 2 3 4 5 6 7; do
	for d in $(switches); do
		sdctl device trust "$d" "$(cat "$work/$d.fingerprint")" >"$work/trust.$d.$n" 2>&1 &
		jobs="$jobs $!"
	done
done
for job in $jobs; do wait "$job" || fail "a device trust failed: $(cat "$work"/trust.*)"; done
for d in $(switches); do
	assert_status 0 sdctl device show "$d"
	assert_contains "the key of $d" "$(cat "$work/$d.fingerprint")" "$output"
done
assert_equal "lines" 3 "$(wc -l <"$lab_dir/known_hosts")"
assert_status 0 sdctl device check

step "a switch that does not answer refuses nothing, and holds up no other"
kill -STOP "$(device_pid leaf2 ovsdb-server)"
assert_status 1 sdctl plan blue
assert_contains "no answer" "leaf2: the switch's database gave no answer in 2 s" "$output"
by_accounts 3 0 1 device check
kill -CONT "$(device_pid leaf2 ovsdb-server)"
checked=$(printf '%s\n' "$output" | tr -s ' ')
assert_contains "leaf1" " ok " "$(printf '%s\n' "$checked" | grep '^leaf1 ')"
assert_contains "spine1" " ok " "$(printf '%s\n' "$checked" | grep '^spine1 ')"
assert_contains "leaf2" "gave no answer in 2 s" "$(printf '%s\n' "$checked" | grep '^leaf2 ')"
assert_lacks "leaf2" "refuse" "$checked"
assert_equal "the last to be told" leaf2 \
	"$(printf '%s\n' "$checked" | grep -v '^Level' | grep -v '^sdctl' | tail -n 1 | cut -d' ' -f1)"
assert_contains "the whole" "1 of 3 devices failed: leaf2" "$checked"
assert_status 0 sdctl device check 'leaf[1-9]'

step "what is in use is not removed"
deploy blue 100 "leaf1 h1" "leaf2 h2"
assert_status 3 sdctl device remove leaf1
assert_contains "why" '"leaf1" cannot be removed: "blue" is deployed there' "$output"
assert_status 3 sdctl device set leaf1 driver=frr
remove blue
assert_status 0 sdctl device remove leaf2
assert_contains "what goes" "drops 1 link: leaf2" "$output"
