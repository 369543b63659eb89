#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# Every command's --json, in success and failure, has the shape that share/schema describes; those
# that need devices succeed in test_json_lab.sh.
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
# shellcheck source-path=SCRIPTDIR source=json.sh
. "$(dirname -- "$0")/json.sh"
need_schemas
export SMARTDEPLOY_HOME="$work/home"
cd "$work"
examples=$SMD_SOURCE_DIR/share/examples

step "lines that are not understood"
assert_json 1 error sdctl frobnicate
assert_json 1 error sdctl config lst
assert_json 1 error sdctl plan x --nonsense
assert_json 1 plan sdctl plan
assert_json 1 diff sdctl diff a b
assert_json 1 config-show sdctl config show x --revision none

step "without a store"
for line in "config list" "config show x" "config remove x" "device list" "device check" \
	"device show x" "device remove x" "device export" \
	"device trust x" "history" "status x" "verify x" "plan x" "rollback x" "recover"; do
	# shellcheck disable=SC2086
	assert_json 1 "$(echo "${line% x}" | tr ' ' -)" sdctl $line
done

: >no-folder
assert_json 3 init sdctl init --home "$work/no-folder"
assert_json 0 init sdctl init --home "$work/other"
assert_json 0 init sdctl init --home "$work/other"

step "inventory and configurations"
assert_json 0 device-import sdctl device import "$examples/inventory.json" "$examples/topology.json"
assert_json 1 device-import sdctl device import nope
printf '{}' >odd
assert_json 3 device-import sdctl device import odd
assert_json 0 device-add sdctl device add x driver=frr address=198.51.100.1 credential=switches
assert_json 3 device-add sdctl device add x driver=frr address=198.51.100.2 credential=switches
assert_json 0 device-list sdctl device list
assert_json 0 device-set sdctl device set x address=198.51.100.9 label=row=3 port=
assert_json 3 device-set sdctl device set x driver=
assert_json 1 device-set sdctl device set nope address=198.51.100.9
assert_json 0 device-show sdctl device show x
assert_json 1 device-show sdctl device show nope
assert_json 0 device-export sdctl device export
assert_json 0 device-import sdctl device import "$examples/inventory.json" --dry-run
assert_json 0 device-remove sdctl device remove x
assert_json 1 device-remove sdctl device remove x
assert_json 0 config-list sdctl config list
assert_json 0 status sdctl status
assert_json 0 config-set sdctl config set "$examples/native.json"
assert_json 0 config-set sdctl config set "$examples/native.json"
assert_json 3 config-set sdctl config set odd
name=$(sed -n 's/.*"name": "\([a-z-]*\)",$/\1/p' "$examples/native.json" | head -n 1)
assert_json 0 config-show sdctl config show "$name"
assert_json 1 config-show sdctl config show "$name" --revision 99
assert_json 0 config-list sdctl config list
assert_json 0 history sdctl history
assert_json 0 history-prune sdctl history prune --keep 3 --dry-run
assert_json 3 history-prune sdctl history prune
assert_json 0 config-remove sdctl config remove "$name"
assert_json 3 config-remove sdctl config remove "$name"
assert_json 0 config-show sdctl config show "$name" --revision 1
assert_json 0 config-list sdctl config list
assert_json 0 recover sdctl recover
assert_json 1 recover sdctl recover 7
for line in "plan nope" "verify nope" "status nope" "rollback last"; do
	# shellcheck disable=SC2086
	assert_json 1 "${line%% *}" sdctl $line
done
assert_json 3 apply sdctl apply odd
assert_json 1 apply sdctl apply nope
assert_json 1 device-check sdctl device check nope
assert_json 1 device-trust sdctl device trust nope

step "drivers"
assert_json 0 driver-list sdctl driver list
assert_json 1 driver-list sdctl driver list --driver-path "$work/nope"
for driver in dnos eos frr ios iosxr junos nxos ovs; do
	assert_json 0 driver-show sdctl driver show $driver
done
assert_json 1 driver-show sdctl driver show nope
assert_json 0 driver-new sdctl driver new acme
assert_json 3 driver-new sdctl driver new acme
assert_json 0 driver-test sdctl driver test eos --only golden \
	--golden "$SMD_SOURCE_DIR/drivers/eos/testdata"
assert_json 1 driver-test sdctl driver test nope
mkdir -p bad/one
printf 'hostname a\n' | tee bad/one/running bad/one/intended >/dev/null
printf 'wrong\n' | tee bad/one/patch bad/one/undo bad/one/from bad/one/to >/dev/null
assert_json 1 driver-test sdctl driver test eos --only golden --golden bad

step "texts"
printf 'hostname a\nip access-list extended A\n 10 permit ip any any\n' >a
printf 'hostname b\nvlan 2-9\nip access-list extended A\n 10 deny ip any any\nbanner motd ^C\nhi\n^C\n' >b
assert_json 2 diff sdctl diff a b --driver ios
assert_contains "lines" '"commands":	["hostname b"' "$json"
for format in commands undo tree json; do
	assert_json 2 diff sdctl diff a b --driver ios --format $format
done
printf 'hostname a\ninterface Gi0/1\n description M\374nchen\nbanner motd ^C\n\374\n^C\n' >latin
for format in commands undo tree json; do
	assert_json 2 diff sdctl diff a latin --driver ios --format $format
	[ $format = undo ] || assert_contains "bytes that are no text" '"hex":	"' "$json"
	assert_json 2 diff sdctl diff latin a --driver ios --format $format
done
assert_equal "as they are" " description M$(printf '\374')nchen" \
	"$(sdctl diff a latin --driver ios | grep -a description)"
for format in text flat json; do
	assert_json 0 parse sdctl parse latin --driver ios --format $format
	assert_contains "bytes that are no text" '"hex":	"' "$json"
done
assert_json 0 diff sdctl diff a a --driver ios
assert_json 1 diff sdctl diff a nope --driver ios
printf 'banner motd ^C\nWelcome\n' >cut.txt
assert_json 3 diff sdctl diff a cut.txt --driver ios
for format in text flat json; do assert_json 0 parse sdctl parse b --driver ios --format $format; done
assert_json 3 parse sdctl parse cut.txt --driver ios

step "every schema was seen in success and failure, but for those that need devices"
for schema in "$SMD_SOURCE_DIR"/share/schema/*.json; do
	schema=$(basename "$schema" .json)
	case $schema in
	common) continue ;;
	error | apply | device-check | device-trust | plan | rollback | status | verify) results=failure ;;
	*) results="success failure" ;;
	esac
	for result in $results; do
		assert_contains "results seen" " smartdeploy/$schema/1:$result " "$results_seen"
	done
done

step "every command that has --json has a schema"
sdctl help | sed -n 's/^  \([a-z][a-z ]*[a-z]\)  .*/\1/p' >names
while read -r name; do
	# shellcheck disable=SC2086
	case $(sdctl help $name) in
	*--json*) [ -r "$SMD_SOURCE_DIR/share/schema/$(echo "$name" | tr ' ' -).json" ] || fail "no schema for sdctl $name" ;;
	esac
done <names

step "a reader that has gone: no message, and no success"
python3 - <<'END' || fail "see above"
import os, subprocess
for words in (["help"], ["driver", "list"], ["driver", "list", "--json"]):
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run(["sdctl", *words], stdout=writer, stderr=subprocess.PIPE)
    os.close(writer)
    if done.returncode != 1 or done.stderr:
        raise SystemExit(f"{words}: {done}")
END
