#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Inventory and topology are replaced together or not at all. What a deployment still needs cannot
# be removed: its devices, their drivers and addresses, its VLAN. Secrets are references, never
# values.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab
need cc gcc
need python3 python3

# Edits the lab's inventory or topology in $work with Python: `d` is the document, `device` its
# devices.
edit() { # inventory|topology PYTHON
	python3 - "$lab_dir/$1.json" "smartdeploy-$1:$1" "$2" >"$work/$1.json" <<'END'
import json, sys
document = json.load(open(sys.argv[1]))
d = document[sys.argv[2]]
device = {x["name"]: x for x in d.get("device", [])}
exec(sys.argv[3])
print(json.dumps(document))
END
}

# Removes a device from both.
without() { # DEVICE
	edit inventory "for kind, key in (('device', 'name'), ('host', 'device')):
		d[kind] = [x for x in d[kind] if x[key] != '$1']"
	edit topology "d['link'] = [l for l in d['link'] if '$1' not in (l['a-device'], l['b-device'])]"
}

import() { sdctl device import "$@"; }
import_both() { import "$work/inventory.json" "$work/topology.json"; }
import_lab() { assert_status 0 import "$lab_dir/inventory.json" "$lab_dir/topology.json"; }

refused() { # WORDS|WORDS... COMMAND...
	words=$1
	shift
	before=$(all_transactions)
	assert_status 3 "$@"
	printf '%s\n' "$words" | tr '|' '\n' >"$work/words"
	while read -r word; do assert_contains "$*" "$word" "$output"; done <"$work/words"
	assert_equal "transactions" "$before" "$(all_transactions)"
}

lab_up i --leaves 3 --spines 1
adopt_lab
all=$(sdctl device list)

step "a smaller inventory goes with its topology only"
without leaf3
refused 'stored topology|leaf3' import "$work/inventory.json"
assert_status 0 import_both
assert_contains "both" "3 devices, 2 hosts, 2 links" "$output"
import_lab

step "neither is kept when one is bad"
without leaf3
edit topology 'd["link"][0]["b-device"] = "spine9"'
refused 'topology|the inventory has no device' import_both
assert_equal "the devices" "$all" "$(sdctl device list)"
edit inventory 'device["leaf1"]["driver"] = "../evil"'
edit topology 'd["link"] = []'
refused 'inventory|driver' import_both
assert_status 0 import "$lab_dir/inventory.json"
assert_contains "the links" "4 devices, 3 hosts, 3 links" "$output"

step "devices of what is deployed stay, and are driven as they were"
deploy blue 100 "leaf1 h1" "leaf2 h2"
for needed in leaf2 spine1; do
	without $needed
	refused "\"$needed\" cannot be removed|\"blue\"|hint" import_both
done
edit inventory 'device["leaf1"]["driver"] = "frr"'
refused 'driver of "leaf1"|"blue"|hint' import "$work/inventory.json"
edit inventory 'device["leaf1"]["option"] = [{"name": "bridge", "value": "br1"}]'
refused 'options of "leaf1"|"blue"|hint' import "$work/inventory.json"
edit inventory 'device["leaf1"]["address"] = "192.0.2.1"'
refused 'address of "leaf1"|"blue"|hint' import "$work/inventory.json"
edit inventory 'device["leaf1"]["port"] = 2222'
refused 'address of "leaf1"|"blue"|hint' import "$work/inventory.json"
edit inventory 'device["leaf1"]["label"] = ["rack1"]'
assert_status 0 import "$work/inventory.json"
without leaf3
assert_status 0 import_both
assert_status 0 sdctl verify blue
import_lab
remove blue
gone=$(newest)
without leaf2
assert_status 0 import_both
import_lab

step "the way back is closed while others have the VLAN or a port"
deploy red 100 "leaf1 h1" "leaf3 h3"
refused 'VLAN 100|"red"|hint' sdctl rollback "$gone"
deploy red 200 "leaf1 h1" "leaf3 h3"
refused 'port "h1"|leaf1|"red"|hint' sdctl rollback "$gone"
deploy red 200 "leaf3 h3"
assert_status 0 sdctl rollback "$gone" --yes
assert_status 0 sdctl verify blue
remove red

step "devices that cannot be read are told of, and hide no other"
by_hand leaf1 clear Port h1 tag
in_net leaf2 ip link set mgmt down
status=0
output=$(sdctl verify blue 2>&1) || status=$?
in_net leaf2 ip link set mgmt up
[ $status != 0 ] || fail "verify is content with a device that it could not read"
assert_contains "leaf1" "leaf1 differs" "$(printf '%s\n' "$output" | tr -s ' ')"
assert_contains "leaf2" "leaf2 unreachable" "$(printf '%s\n' "$output" | tr -s ' ')"
assert_contains "spine1" "spine1 ok" "$(printf '%s\n' "$output" | tr -s ' ')"
by_hand leaf1 set Port h1 tag=100
assert_status 0 sdctl verify blue
carry_out blue

step "an open deployment keeps its devices, and what it wants"
document blue 100 "leaf1 h1" "leaf2 h2"
assert_status 0 sdctl config set "$document"
assert_status 0 sdctl plan blue -o "$work/blue.plan"
obstruct leaf1 <<'END'
case " $* " in *" remove "* | *" clear "*) echo "ovs-vsctl: no way back" >&2; exit 1 ;; esac
END
obstruct leaf2 <<'END'
changes "$@" && { hold; echo "ovs-vsctl: refused" >&2; exit 1; }
END
has_acted() { [ "$(transactions "$1")" -gt "$2" ]; }
acted=$(transactions leaf1)
begin apply "$work/blue.plan"
await_held leaf2
await has_acted leaf1 "$acted"
release leaf2
assert_ended 5
open=$(newest)
without leaf2
refused "\"leaf2\" cannot be removed|$open|sdctl recover" import_both
edit inventory 'device["leaf1"]["option"] = [{"name": "bridge", "value": "br1"}]'
refused "options of \"leaf1\"|$open|sdctl recover" import "$work/inventory.json"
without leaf3
assert_status 0 import_both
import_lab
document red 100 "leaf3 h3"
assert_status 0 sdctl config set "$document"
refused "VLAN 100|\"blue\"|$open|sdctl recover" sdctl plan red
unobstruct leaf1
unobstruct leaf2

step "recovery reads a snapshot by the driver that took it, and by no other"
parts=$work/parts
cp -RL "$SMD_BUILD_DIR/lib/smartdeploy" "$parts"
sed 's/\.version = "[0-9.]*"/.version = "99"/' "$SMD_SOURCE_DIR/drivers/ovs/ovs.c" >"$work/ovs.c"
# shellcheck disable=SC2046
cc -D_GNU_SOURCE -shared -fPIC -I"$SMD_SOURCE_DIR/api/include" -I"$SMD_SOURCE_DIR/drivers/ovs" \
	$(pkg-config --cflags libcjson) -o "$parts/drivers/ovs.so" "$work/ovs.c" \
	$(find "$SMD_SOURCE_DIR/drivers/ovs" -name '*.c' ! -name ovs.c) -lcjson
assert_status 5 sdctl --parts "$parts" recover
assert_contains "which driver it was" '"ovs" 1.0' "$output"
assert_contains "which one it is" '"ovs" 99' "$output"
assert_status 0 sdctl recover
assert_status 2 sdctl plan red --exit-code
without leaf2
assert_status 0 import_both
import_lab

step "a driver's secret is named, never written"
cc -shared -fPIC -I"$SMD_SOURCE_DIR/api/include" -x c -o "$parts/drivers/locked.so" - <<'END'
#include <smartdeploy/driver.h>
#include <string.h>
static const struct smd_option options[] = {
	{.name = "enable", .type = SMD_OPTION_STRING, .help = "password", .secret = 1}};
static const struct smd_session_profile profile = {
	.size = sizeof(profile), .channel = "ssh", .protocol = "exec"};
static int open_it(const struct smd_settings *settings, void **state, struct smd_error *error)
{
	const char *enable = smd_settings_string(settings, "enable");
	(void)state;
	return smd_fail(error, SMD_E_DENIED, "the secret is %s",
			enable && !strcmp(enable, "s3cret") ? "right" : "wrong");
}
static int parse(void *state, const struct smd_text *text, struct smd_tree **out,
		 struct smd_error *error)
{
	(void)state, (void)text, (void)out;
	return smd_fail(error, SMD_E_UNSUPPORTED, "no");
}
static int print(void *state, const struct smd_tree *tree, struct smd_text *out,
		 struct smd_error *error)
{
	(void)state, (void)tree, (void)out;
	return smd_fail(error, SMD_E_UNSUPPORTED, "no");
}
static int render(void *state, const struct smd_changes *changes, struct smd_text *payload,
		  struct smd_error *error)
{
	(void)state, (void)changes, (void)payload;
	return smd_fail(error, SMD_E_UNSUPPORTED, "no");
}
static int simulate(void *state, struct smd_tree *tree, const struct smd_text *payload,
		    smd_step_fn on_step, void *arg, struct smd_error *error)
{
	(void)state, (void)tree, (void)payload, (void)on_step, (void)arg;
	return smd_fail(error, SMD_E_UNSUPPORTED, "no");
}
static void stage(struct smd_run *run, const struct smd_answer *answer, struct smd_action *action)
{
	(void)run, (void)answer;
	action->act = SMD_ACT_DONE;
}
static const struct smd_driver driver = {
	.self = {SMD_ENVELOPE(struct smd_driver), .name = "locked", .summary = "a lock",
		 .version = "1.0", SMD_OPTIONS(options)},
	.profile = &profile, .open = open_it, .parse = parse, .print = print, .render = render,
	.simulate = simulate, .fetch = stage, .commit = stage};
SMD_EXPORT const struct smd_driver *smd_driver_entry(void);
const struct smd_driver *smd_driver_entry(void) { return &driver; }
END
SMARTDEPLOY_PARTS=$parts
export SMARTDEPLOY_PARTS
locked() { sdctl device add locked driver=locked address=192.0.2.1 credential=lab "$@"; }
refused 'locked|option "enable"|value-env|value-file' locked option.enable=s3cret
assert_lacks "the refusal" s3cret "$output"
edit inventory 'device["leaf1"]["option"] = [
	{"name": "bridge", "value": "br0", "value-env": "LOCK"}]'
refused 'an option has one of value, value-env, value-file' import "$work/inventory.json"
assert_status 0 locked option-env.enable=LOCK
opened() { sdctl device check locked; }
assert_status 1 opened
assert_contains "a variable that is not set" '"LOCK"' "$output"
refused 'the secret is wrong' env LOCK=other sdctl device check locked
refused 'the secret is right' env LOCK=s3cret sdctl device check locked
import_lab
assert_status 0 locked option-file.enable="$work/lock"
assert_status 1 opened
assert_contains "a file that is not there" "$work/lock" "$output"
echo s3cret >"$work/lock"
chmod 644 "$work/lock"
refused "$work/lock|open to others|0600" opened
chmod 600 "$work/lock"
refused 'the secret is right' opened
