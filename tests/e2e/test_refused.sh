#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Bad input gives one clear message (what, where, what to do) and the right exit status, and
# nothing is sent to any switch. Exit status 3: refused; 1: an error such as unreachable.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab
need cc gcc

# Asserts that a command is refused with a hint, without a connection to any device.
refused() { # STATUS WORDS|WORDS... COMMAND...
	quiet=1
	hinted=1
	refuse "$@"
}

# The same with exit status 3 and no hint, because the message itself says what is allowed.
misfit() { # WORDS|WORDS... COMMAND...
	quiet=1
	hinted=0
	refuse 3 "$@"
}

# The same as `refused` where the devices have to be read: no transaction is made.
refused_reading() { # STATUS WORDS|WORDS... COMMAND...
	quiet=0
	hinted=1
	refuse "$@"
}

refuse() {
	wanted=$1
	words=$2
	shift 2
	contacts=$(all_connections)
	edits=$(all_transactions)
	status=0
	output=$("$@" 2>&1) || status=$?
	complaints=$(complaints)
	[ -z "$complaints" ] || expect fail "$*
$complaints
  its message was:
$output"
}

# The same for a missing file: exit status 1, no hint.
missing() { # WORDS|WORDS... COMMAND...
	quiet=1
	hinted=0
	refuse 1 "$@"
}

# Prints what is wrong with $output and $status.
complaints() {
	[ "$status" = "$wanted" ] || echo "  exit status $status instead of $wanted"
	printf '%s\n' "$words" | tr '|' '\n' | while read -r word; do
		printf '%s' "$output" | grep -qiF -- "$word" || echo "  the message lacks: $word"
	done
	[ "$(printf '%s\n' "$output" | grep -c '^sdctl: .')" = 1 ] || echo "  not one message"
	[ $hinted = 0 ] || printf '%s\n' "$output" | grep -q '^  hint: .' || echo "  it does not say what to do"
	[ "$(all_transactions)" = "$edits" ] || echo "  a transaction was made"
	[ $quiet = 0 ] || [ "$(all_connections)" = "$contacts" ] || echo "  a device was connected to"
}

# Stores a document and plans it.
submit() { # FILE NAME
	sdctl config set "$1" && sdctl plan "$2"
}

# Makes a document in which OLD is replaced by NEW.
altered() { # OLD NEW
	document blue 100 "leaf1 h1" "leaf2 h2"
	altered=$work/altered.json
	sed "s~$1~$2~" "$document" >"$altered"
	! cmp -s "$document" "$altered" || fail "nothing was altered by $1"
}

lab_up a --leaves 2 --spines 2 --hosts 4
adopt_lab
await all_ended
before=$(all_databases)

step "documents"
for vlan in 0 5000 4095 -1 '"100; reboot"'; do
	altered '"vlan": 100' "\"vlan\": $vlan"
	misfit "altered.json|vlan|1|4094" submit "$altered" blue
done
altered '"device": "leaf2"' '"device": "leaf9"'
refused 3 'leaf9|device' submit "$altered" blue
altered '"port": "h2"' '"port": "h9"'
refused_reading 3 'leaf2|h9|port' submit "$altered" blue
altered '"port": "h2"' '"port": "spine1"'
refused 3 'leaf2|spine1|link' submit "$altered" blue
document blue 100 "leaf1 h1" "leaf2 h2" "leaf1 h1"
misfit 'leaf1|h1' submit "$document" blue
document blue 100 "leaf1 h1" "leaf2 h2" "leaf1 h1 tagged"
misfit 'leaf1|h1' submit "$document" blue
for name in 'bl\\nue' "bl'ue" 'bl\\"ue' 'bl ue' 'bl;ue' '../blue' '-o' '' 'blå'; do
	altered '"name": "blue"' "\"name\": \"$name\""
	misfit 'altered.json|name|letters' submit "$altered" blue
done
# shellcheck disable=SC2016
for port in 'h2\\n' 'h2 -- del-br br0' 'h2;reboot' 'h2\\"' "h2'" 'h2?' 'h2\\t' '$(reboot)'; do
	altered '"port": "h2"' "\"port\": \"$port\""
	misfit 'altered.json|port|letters' submit "$altered" blue
done
altered '"tagging": "access"' '"tagging": "both"'
misfit 'altered.json|tagging|access|tagged' submit "$altered" blue
altered '"vlan": 100,' ''
misfit 'altered.json|vlan' submit "$altered" blue
altered '"vlan": 100' '"vlan": 100, "vlan": 200'
misfit 'altered.json|vlan' submit "$altered" blue
altered '"vlan": 100' '"vlan": 100, "colour": "blue"'
misfit 'altered.json|colour' submit "$altered" blue
document blue 100
misfit 'blue.json|endpoint' submit "$document" blue
document blue 100 "leaf1 h1" "leaf2 h2"
head -c 60 "$document" >"$work/cut.json"
misfit 'cut.json' submit "$work/cut.json" blue
: >"$work/empty.json"
misfit 'empty.json|empty' submit "$work/empty.json" blue
head -c 300 /dev/urandom >"$work/noise.json"
printf '\0' >>"$work/noise.json"
expect assert_status 1 sdctl config set "$work/noise.json"
missing 'nowhere.json|No such file' submit "$work/nowhere.json" blue
refused 1 'sky|config list' sdctl plan sky
refused 1 'sky|config list' sdctl verify sky
refused 1 'sky|history' sdctl status sky
refused 1 'deploy' sdctl rollback last
expect assert_lacks "rolling nothing back" '""' "$output"

step "two domains that want the same"
deploy blue 100 "leaf1 h1" "leaf2 h2"
document red 100 "leaf1 h3" "leaf2 h4"
refused 3 'VLAN 100|blue' submit "$document" red
document red 200 "leaf1 h1" "leaf2 h4"
refused 3 'leaf1|h1|blue' submit "$document" red
document red 200 "leaf1 h3 tagged" "leaf2 h2 tagged"
refused 3 'leaf2|h2|blue' submit "$document" red
remove blue
assert_database "after two domains" "$before"

step "inventory and topology"
devices=$(sdctl device list)
import() { sdctl device import "$@"; }
rename_in() { sed "s~$2~$3~" "$lab_dir/$1.json" >"$work/$1.json"; }
rename_in inventory '"name": "leaf2"' '"name": "leaf1"'
misfit 'inventory|leaf1' import "$work/inventory.json"
rename_in inventory "$(address_of leaf2)" "$(address_of leaf1)"
misfit 'inventory|leaf1|leaf2|address' import "$work/inventory.json"
rename_in inventory '"name": "h2"' '"name": "h1"'
misfit 'inventory|h1' import "$work/inventory.json"
rename_in inventory '"credential": "lab"' '"credential": "none"'
misfit 'inventory|credential|none' import "$work/inventory.json"
rename_in inventory '"port": 22' '"port": 65536'
misfit 'inventory|port|65535' import "$work/inventory.json"
rename_in inventory '"driver": "ovs"' '"driver": "../../evil"'
misfit 'inventory|driver' import "$work/inventory.json"
rename_in topology '"b-device": "spine1", "b-port": "leaf1"' '"b-device": "leaf1", "b-port": "spine2"'
misfit 'topology|itself' import "$work/topology.json"
rename_in topology '"a-port": "spine2"' '"a-port": "spine1"'
misfit 'topology|leaf1|spine1' import "$work/topology.json"
rename_in topology '"b-device": "spine1"' '"b-device": "spine9"'
misfit 'topology|spine9' import "$work/topology.json"
assert_equal "the inventory after bad ones" "$devices" "$(sdctl device list)"
misfit 'leaf1' sdctl device add leaf1 driver=ovs address=192.0.2.1 credential=lab
misfit 'colour' sdctl device add leaf9 driver=ovs address=192.0.2.1 credential=lab colour=red
assert_equal "the inventory after bad devices" "$devices" "$(sdctl device list)"

step "a VLAN set by hand would close a loop"
document blue 100 "leaf1 h1" "leaf2 h2"
assert_status 0 sdctl config set "$document"
loop_by_hand() { # leaves their ports to the spine in between; that spine's ports
	for end in "leaf1 $1" "leaf2 $1" "$1 leaf1" "$1 leaf2"; do
		# shellcheck disable=SC2086
		set -- "$1" "$2" $end
		by_hand "$3" set Port "$4" "trunks=$2"
	done
}
loop_by_hand spine2 100,4095
# The plan is refused, or it uses the existing path instead of a second one.
status=0
output=$(sdctl plan blue 2>&1) || status=$?
if [ $status = 0 ]; then
	expect assert_lacks "a plan that closes a loop" "spine1" "$output"
else
	refused_reading 3 'loop|leaf1|leaf2|spine2|100' sdctl plan blue
fi
loop_by_hand spine1 100,4095
refused_reading 3 'loop|leaf1|leaf2|spine1|spine2|100' sdctl plan blue
loop_by_hand spine1 4095
loop_by_hand spine2 4095
assert_database "when put back by hand" "$before"
assert_status 0 sdctl plan blue

step "plan files"
assert_status 0 sdctl plan blue -o "$work/blue.plan"
for edit in 's/tag=100/tag=101/' 's/"leaf2"/"leaf1"/' 's/"mac":\([^"]*\)"./"mac":\1"z/' \
	's/"id":\([^"]*\)"./"id":\1"z/' 's/"configuration":/"configuration": "red", &/' \
	's/"estimate-ms":\([^0-9]*\)/&1/' '/"mac"/d' '/"id"/d' '/"devices"/s/devices/device/'; do
	sed "$edit" "$work/blue.plan" >"$work/edited.plan"
	! cmp -s "$work/blue.plan" "$work/edited.plan" || fail "nothing was edited by $edit"
	refused 3 'plan|sdctl plan' sdctl apply "$work/edited.plan"
done
for size in 0 1 100 1000; do
	head -c $size "$work/blue.plan" >"$work/cut.plan"
	refused 3 'cut.plan|sdctl plan' sdctl apply "$work/cut.plan"
done
missing 'nowhere.plan|No such file' sdctl apply "$work/nowhere.plan"
refused 3 'plan' sdctl apply "$work/blue.json"
mkdir "$work/elsewhere"
elsewhere() { SMARTDEPLOY_HOME=$work/elsewhere "$@"; }
elsewhere sdctl device import "$lab_dir/inventory.json" "$lab_dir/topology.json" >"$work/out"
elsewhere sdctl config set "$work/blue.json" >"$work/out"
elsewhere sdctl plan blue -o "$work/theirs.plan" >"$work/out"
refused 3 'plan|another|sdctl plan' sdctl apply "$work/theirs.plan"
document blue 300 "leaf1 h1" "leaf2 h2"
assert_status 0 sdctl config set "$document"
refused_reading 3 'plan|new plan' sdctl apply "$work/blue.plan"
assert_equal "history" "" "$(sdctl history | tail -n +2 | grep -v ' done' || :)"

step "drivers that are none, or of another time"
parts=$work/parts
cp -RL "$SMD_BUILD_DIR/lib/smartdeploy" "$parts"
driver_source() { # NAME ABI-MAJOR
	cat <<-END
	#include <smartdeploy/driver.h>
	static const struct smd_driver driver = {
		.self = {.abi_major = $2, .abi_minor = 0, .size = sizeof(struct smd_driver), .name = "$1"}};
	const struct smd_driver *smd_driver_entry(void);
	SMD_EXPORT const struct smd_driver *smd_driver_entry(void) { return &driver; }
	END
}
part() { # NAME: C source on standard input
	cc -shared -fPIC -I"$SMD_SOURCE_DIR/api/include" -x c - -o "$parts/drivers/$1.so"
}
driver_source future 'SMD_ABI_MAJOR + 1' | part future
driver_source past 0 | part past
driver_source hollow SMD_ABI_MAJOR | part hollow
driver_source alias SMD_ABI_MAJOR | part other
echo 'int nothing;' | part empty
echo '#include <smartdeploy/driver.h>
SMD_EXPORT const struct smd_driver *smd_driver_entry(void); const struct smd_driver *smd_driver_entry(void) { return 0; }' | part null
echo 'not a shared object' >"$parts/drivers/text.so"
show() { sdctl --parts "$parts" driver show "$1"; }
refused 3 'future|ABI' show future
refused 3 'past|ABI' show past
refused 3 'hollow' show hollow
refused 3 'other|alias' show other
refused 3 'empty|smd_driver_entry' show empty
refused 3 'null' show null
refused 3 'text' show text
refused 1 'nosuch|ovs' show nosuch
refused 1 'no file|evil' show ../evil
assert_status 0 sdctl --parts "$parts" driver list
assert_contains "the good one beside bad ones" "Open vSwitch" "$output"
assert_contains "the bad one" ABI "$output"
odd() { sdctl "$@" device add odd driver=future address=192.0.2.1 credential=lab; }
refused 3 "odd|no driver 'future'|ovs" odd
refused 3 'odd|future|ABI' odd --parts "$parts"
head -c 2000 "$parts/drivers/ovs.so" >"$parts/drivers/cut.so"
refused 3 'cut' show cut
expect assert_status 0 sdctl --parts "$parts" driver list
rm "$parts/drivers/cut.so"
echo 'int smd_driver_entry = 1;' | part datum
refused 3 'datum|smd_driver_entry' show datum
expect assert_status 0 sdctl --parts "$parts" driver list
rm "$parts/drivers/datum.so" "$parts/plugins/ssh.so"
refused 1 'ssh' sdctl --parts "$parts" device check leaf1
rm -r "$parts/drivers" "$parts/plugins"
refused 1 "sqlite|$parts" sdctl --parts "$parts" device list
assert_status 0 sdctl device import "$lab_dir/inventory.json" "$lab_dir/topology.json"

step "a switch that cannot be reached"
kill_sshd leaf2
refused_reading 1 "leaf2|$(address_of leaf2)|refused" sdctl plan blue
refused_reading 1 "leaf2|$(address_of leaf2)|refused" sdctl device check leaf2
assert_status 0 "$LAB" start --name "$lab" leaf2
by_ip() { in_net leaf2 ip link set mgmt "$1"; }
by_ip down
refused_reading 1 "leaf2|$(address_of leaf2)" sdctl plan blue
by_ip up
assert_status 0 sdctl plan blue

accepted() { grep -c '^Accepted publickey' "$lab_dir/$1/log/sshd.log" || :; } # DEVICE
logins=$(accepted leaf2)

step "a host key that is not known"
fingerprint=$(ssh-keygen -lf "$lab_dir/leaf2/host_key.pub" | cut -d' ' -f2)
cp "$lab_dir/known_hosts" "$work/known_hosts"
grep -v "^$(address_of leaf2) " "$work/known_hosts" >"$lab_dir/known_hosts"
refused_reading 3 "leaf2|key|$fingerprint|sdctl device trust leaf2" sdctl plan blue
assert_status 0 sdctl device trust leaf2
assert_contains "the fingerprint, as ssh-keygen says it" "$fingerprint" "$output"
refused_reading 3 "leaf2|$fingerprint" sdctl device trust leaf2 SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
refused_reading 3 "leaf2|key" sdctl device check leaf2
assert_equal "logins while the key was unknown" "$logins" "$(accepted leaf2)"
assert_status 0 sdctl device trust leaf2 "$fingerprint"
assert_status 0 sdctl device check leaf2
assert_status 0 ssh_to leaf2 true
cp "$work/known_hosts" "$lab_dir/known_hosts"

step "a host key that has changed"
logins=$(accepted leaf2)
kill_sshd leaf2
mkdir "$work/keys"
mv "$lab_dir/leaf2/host_key" "$lab_dir/leaf2/host_key.pub" "$work/keys/"
ssh-keygen -q -t ed25519 -N '' -C leaf2 -f "$lab_dir/leaf2/host_key"
assert_status 0 "$LAB" start --name "$lab" leaf2
refused_reading 3 "leaf2|key|changed" sdctl plan blue
refused_reading 3 "leaf2|key|changed" sdctl device check leaf2
assert_equal "logins while the key was another" "$logins" "$(accepted leaf2)"
kill_sshd leaf2
mv -f "$work/keys/"* "$lab_dir/leaf2/"
assert_status 0 "$LAB" start --name "$lab" leaf2
assert_status 0 sdctl device check leaf2

step "a wrong key of the user"
cp "$lab_dir/id_ed25519" "$work/key"
rm "$lab_dir/id_ed25519"
ssh-keygen -q -t ed25519 -N '' -f "$lab_dir/id_ed25519" <<-END
	y
END
refused_reading 1 "leaf|sd-$lab|key" sdctl plan blue
assert_equal "logins with a wrong key" "$((logins + 1))" "$(accepted leaf2)"
echo "no key" >"$lab_dir/id_ed25519"
refused_reading 3 "leaf|id_ed25519" sdctl plan blue
rm "$lab_dir/id_ed25519"
refused_reading 1 "leaf|id_ed25519" sdctl plan blue
install -m 600 "$work/key" "$lab_dir/id_ed25519"
assert_status 0 sdctl device check

step "a second apply at the same time"
assert_status 0 sdctl plan blue -o "$work/blue.plan"
cp "$work/blue.plan" "$work/again.plan"
assert_database "before the first apply" "$before"
obstruct leaf2 <<'END'
changes "$@" && hold
END
acted() { [ "$(transactions leaf1)" -gt "$1" ]; }
leaf1_before=$(transactions leaf1)
begin apply "$work/blue.plan"
await_held leaf2
await acted "$leaf1_before"
refused_reading 3 "sdctl|$lab_dir/home|since 20|deployment $(newest) is under way|--wait" \
	sdctl apply "$work/again.plan"
sdctl config remove nope --wait 60s >"$work/waited" 2>&1 &
waiting=$!
release leaf2
assert_ended 0
wait "$waiting" || : # it was let in, and found nothing of that name
assert_contains "who waits" 'nope' "$(cat "$work/waited")"
unobstruct leaf2
assert_status 0 sdctl verify blue
remove blue
assert_database "in the end" "$before"
