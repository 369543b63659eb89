#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The --json of commands that need devices, in success and failure, has the shape that
# share/schema describes. The rest is in test_json.sh.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
# shellcheck source-path=SCRIPTDIR source=json.sh
. "$(dirname -- "$0")/json.sh"
need_lab
need_schemas

step "devices"
lab_up j --leaves 2 --spines 1
adopt_lab
expect assert_json 0 device-check sdctl device check
assert_json 0 device-trust sdctl device trust leaf1
fingerprint=$(printf '%s\n' "$json" | sed -n 's/.*"fingerprint":	"\(.*\)",/\1/p')
expect assert_json 0 device-trust sdctl device trust leaf1 "$fingerprint"
expect assert_json 3 device-trust sdctl device trust leaf1 SHA256:wrong

expect assert_json 0 device-show sdctl device show leaf1 --config

step "a deployment"
document blue 100 "leaf1 h1" "leaf2 h2"
expect assert_json 0 config-set sdctl config set "$document"
expect assert_json 0 plan sdctl plan blue
expect assert_json 2 plan sdctl plan blue --exit-code
expect assert_json 2 plan sdctl plan blue --exit-code "-o$work/blue.plan"
expect assert_json 0 apply sdctl apply "$work/blue.plan" --comment "CHG-1"
assert_contains "the proof" '"claims":' "$(cat "$work/json")"
expect assert_json 3 apply sdctl apply "$work/blue.plan"
expect assert_json 0 plan sdctl plan blue --exit-code
assert_lacks "a step without devices" '"step"' "$(cat "$work/json")"
expect assert_json 0 verify sdctl verify blue
assert_contains "the whole" '"state":	"as-deployed"' "$(cat "$work/json")"
expect assert_json 0 status sdctl status blue
expect assert_json 0 device-show sdctl device show leaf1
assert_contains "what was seen" '"product":	"Open vSwitch"' "$(cat "$work/json")"
expect assert_contains "what was seen" "Open vSwitch" "$(sdctl device show leaf1)"
expect assert_json 0 status sdctl status blue
assert_contains "the journal" '"exchanges":' "$(cat "$work/json")"
assert_lacks "what the controller keeps for itself" '"slices"' "$(cat "$work/json")"
expect assert_json 0 history sdctl history
expect assert_json 0 config-list sdctl config list

step "drift"
by_hand leaf1 set Port h1 tag=77
expect assert_json 2 verify sdctl verify blue
assert_contains "the whole" '"state":	"differs"' "$(cat "$work/json")"
expect assert_json 3 rollback sdctl rollback last --yes
by_hand leaf1 set Port h1 tag=100
expect assert_json 3 rollback sdctl rollback last
expect assert_json 2 rollback sdctl rollback last --exit-code
expect assert_json 0 rollback sdctl rollback last --yes
expect assert_json 0 history sdctl history blue

step "a plan through a pipe"
sdctl plan blue -o - >"$work/output.plan"
assert_contains "the plan on standard output" '"format":	"smartdeploy-plan/' \
	"$(cat "$work/output.plan")"
sdctl plan blue -o - | assert_status 0 sdctl apply -

step "a device that does not answer"
kill "$(device_pid leaf2 sshd)"
expect assert_json 1 device-check sdctl device check
expect assert_json 1 plan sdctl plan blue
