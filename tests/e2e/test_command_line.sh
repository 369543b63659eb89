#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# The command line without any device: help, options in all their forms, what is refused and what
# is proposed instead, exit statuses, output that cannot be written.
# shellcheck disable=SC2016 # backticks in messages are to be seen
# shellcheck source-path=SCRIPTDIR source=lib.sh
. "$(dirname -- "$0")/lib.sh"
export SMARTDEPLOY_HOME="$work/home"
cd "$work"
unset LC_ALL COLUMNS

commands="init|config set|config list|config show|config remove|plan|apply|rollback|recover|verify|status
history prune|history|device import|device export|device add|device set|device remove|device show|device list
device check|device trust|driver list|driver show
driver new|driver test|diff|parse|lab|completion|help"
each_command() { printf '%s\n' "$commands" | tr '|' '\n'; }

narrow() { # WHAT TEXT
	assert_equal "$1 is wider than 80 columns" "" "$(printf '%s\n' "$2" | awk 'length > 80')"
}

# Asserts that a line is refused in these words.
wrong() { # MESSAGE HINT ARGUMENT...
	message=$1 hint=$2
	shift 2
	assert_status 1 sdctl "$@"
	assert_equal "sdctl $*" "sdctl: $message
  hint: $hint" "$output"
}

step "help on all, on a group, on a command; in 80 columns"
assert_status 0 sdctl --help
all=$output
narrow "sdctl --help" "$all"
assert_equal "help" "$all" "$(sdctl help)"
assert_equal "-h" "$all" "$(sdctl -h)"
assert_status 1 sdctl
assert_equal "no command" "$all" "$output"
assert_equal "on standard error" "" "$(sdctl 2>/dev/null || :)"
each_command >names
while read -r name; do
	# shellcheck disable=SC2086
	set -- $name
	assert_contains "$name in the list" "
  $name " "$all"
	assert_status 0 sdctl "$@" --help
	narrow "$name --help" "$output"
	assert_contains "$name --help" "Usage: sdctl $name" "$output"
	assert_contains "$name --help" "Exit status:
  0  " "$output"
	for form in "$* -h" "help $*" "-h $*" "--help $*"; do
		# shellcheck disable=SC2086
		assert_equal "sdctl $form" "$output" "$(sdctl $form)"
	done
done <names
assert_equal "every command" "$(wc -l <names)" "$(printf '%s\n' "$all" | grep -c '^  [a-z]')"
assert_contains "a group" "  config show " "$(sdctl config --help)"
assert_equal "a group" "$(sdctl help config)" "$(sdctl config -h)"
assert_status 0 sdctl plan --help --exit-code nonsense
assert_status 0 sdctl --version
assert_contains "--version" "sdctl 0." "$output"

step "did you mean"
wrong 'there is no command "paln"' 'did you mean "plan"?' paln
wrong 'there is no command "config lst"' 'did you mean "config list"?' config lst
wrong 'there is no command "device-list"' 'did you mean "device list"?' device-list
wrong 'there is no command "version"' 'did you mean "--version"?' version
wrong 'there is no command "frobnicate"' '`sdctl help` lists the commands' frobnicate
wrong 'there is no command "halp"' 'did you mean "help"?' help halp
wrong '"config" is not the whole of a command' \
	'behind "config" comes one of: set, list, show, remove' config
wrong 'there is no option "--exit-cod"' 'did you mean "--exit-code"?' plan x --exit-cod
wrong 'there is no option "-x"' '`sdctl COMMAND --help` lists those of a command' plan x -x
wrong 'no command was given' '`sdctl help` lists the commands' --home x

step "options of other commands are refused by name"
wrong '`sdctl diff` has no option --exit-code' 'it is an option of: plan, rollback' diff a b --exit-code
wrong '`sdctl plan` has no option --driver' 'it is an option of: diff, parse' plan x --driver=ios
wrong '`sdctl history` has no option -o' 'it is an option of: plan, rollback, device export' history -o file
wrong '`sdctl lab` lacks VERB' '`sdctl help lab` shows how it is called' lab

step "arguments and values"
wrong '`sdctl plan` lacks NAME' '`sdctl help plan` shows how it is called' plan
wrong '`sdctl plan` does not take "y"' '`sdctl help plan` shows how it is called' plan x y
wrong '`sdctl diff` needs --driver NAME' '`sdctl driver list` shows the drivers' diff a b
wrong 'there is no format "odd"' 'one of: text, flat, json' parse a --driver ios --format odd
for bad in 0 -1 x 1.5 1e3 '' 99999999999999999999; do
	assert_status 1 sdctl config show a "--revision=$bad"
	assert_contains "--revision=$bad" "is no whole number from 1 to" "$output"
done
for line in "plan x -o" "diff a b --driver" "plan x --exit-code=1"; do
	# shellcheck disable=SC2086
	assert_status 1 sdctl $line
	assert_contains "$line" "value" "$output"
done

step "every form of an option, anywhere"
printf 'hostname a\n' >a
printf 'hostname b\n' >b
printf 'hostname a\n' >-c
for line in "diff a b --driver ios" "diff a b --driver=ios" "--driver ios diff a b" \
	"diff --driver=ios a b" "diff --driver ios -- a b" "--driver=junos diff a b --driver=ios" \
	"diff --driver ios -- -c b"; do
	# shellcheck disable=SC2086
	assert_status 2 sdctl $line
	assert_equal "sdctl $line" "hostname b" "$output"
done
wrong '"config" is not the whole of a command' \
	'behind "config" comes one of: set, list, show, remove' config -- list
assert_status 2 sdctl diff - b --driver ios <a
assert_status 3 sdctl diff - - --driver ios <a
assert_contains "twice" "standard input can be read only once" "$output"

step "exit statuses without a store, and reading makes none"
for line in "config list" "config show x" "device list" "history" "status x" "verify x" "plan x" \
	"config remove x" "device check" "device trust x" "history prune --keep 1"; do
	# shellcheck disable=SC2086
	assert_status 1 sdctl $line
	assert_contains "sdctl $line" "there is no store in \"$work/home\"" "$output"
done
[ ! -e "$work/home" ] || fail "a command that reads made a store"

step "unknown names are errors"
cp "$SMD_SOURCE_DIR/share/examples/"*.json .
assert_status 0 sdctl device import inventory.json topology.json
narrow "what is imported" "$output"
for line in "config show nope" "status nope" "verify nope" "plan nope" "rollback nope" \
	"config remove nope" "device check nope" "device trust nope" "recover nope" \
	"history nope" "driver show nope" "driver test nope" "diff a b --driver nope" "parse a --driver nope" \
	"config set nope" "apply nope" "device import nope" "completion nope" "help nope"; do
	# shellcheck disable=SC2086
	assert_status 1 sdctl $line
	assert_contains "sdctl $line" "nope" "$output"
done

step "the nearest name"
assert_status 0 sdctl config set native.json
for line in "plan static-rotues|static-routes" "config show static-route|static-routes" \
	"status sttic-routes|static-routes" "verify static-routse|static-routes" \
	"device check laef1|leaf1" "device trust leaf|leaf1" "driver show oxs|ovs" \
	"driver test junso|junos" "parse a --driver ios-xr|iosxr" "diff a b --driver noxs|nxos"; do
	# shellcheck disable=SC2086
	assert_status 1 sdctl ${line%|*}
	assert_contains "sdctl ${line%|*}" "hint: did you mean \"${line#*|}\"?" "$output"
done
assert_status 1 sdctl plan static-routes-of-old
assert_lacks "nothing like it" "did you mean" "$output"

step "revisions"
assert_status 0 sdctl history static-routes
assert_status 1 sdctl config show static-routes --revision 9
assert_contains "which there are" "hint: it has revisions 1 to 1" "$output"
assert_status 0 sdctl config remove static-routes
narrow "what is removed" "$output"
assert_status 0 sdctl config show static-routes
assert_equal "of what is removed" \
	"static-routes is removed in revision 2; --revision 1 shows the one before" "$output"

step "lists have headings, and say so where there is nothing"
TZ=UTC
export TZ
assert_status 0 sdctl config list
assert_equal "configurations" "NAME           KIND    REVISION  DEPLOYED  STATE
static-routes  native  2         -         removed" "$output"
assert_status 0 sdctl device list
assert_contains "devices" "NAME    DRIVER  ADDRESS        ROLE   LABELS
leaf1   ovs     192.0.2.11:22  leaf   rack=1
leaf2   ovs     192.0.2.12:22  leaf
leaf3   ovs     192.0.2.13:22  leaf
" "$output"
assert_status 0 sdctl driver list
assert_contains "drivers" "NAME   VERSION  SUMMARY " "$output"
assert_status 0 sdctl driver show ovs
assert_contains "options" "OPTION   TYPE    INITIAL  HELP
bridge " "$output"
assert_status 0 sdctl history
assert_equal "no deployments" "no deployments" "$output"
assert_equal "on standard error" "" "$(sdctl history 2>/dev/null)"

assert_status 3 sdctl history prune
assert_contains "no policy" "it is not said which deployments shall go" "$output"
assert_status 3 sdctl history prune --older-than 3
assert_contains "no span" '"3" is no span of time
  hint: as 36h, 90d or 12w' "$output"
assert_status 0 sdctl history prune --older-than 90d --dry-run
assert_equal "nothing to prune" "0 deployments, 0 plans that were not applied; 0 records of 0 bytes; \
0 deployments would stay" "$output"

step "what is said twice, in vain or of nothing"
assert_status 3 sdctl device set leaf1 name=leaf2
assert_equal "a name is no setting" 'sdctl: "name" is given twice' "$output"
assert_status 3 sdctl device set leaf1 role=a role=b
assert_contains "two roles" '"role" is given twice' "$output"
assert_status 0 sdctl device set leaf1 label=a label=b
assert_contains "two labels" "changes 1 device: leaf1 (label)" "$output"
assert_status 1 sdctl device check 'leaf*' --label nope
assert_equal "a pattern is no name" "sdctl: no device has these labels" "$output"
assert_status 1 sdctl history --before nope
assert_contains "no deployment" 'no deployment "nope"' "$output"
assert_status 1 sdctl recover 7 --accept
assert_lacks "no deployment" "nothing to recover" "$output"
assert_status 0 sdctl recover
assert_equal "nothing" "nothing to recover" "$output"
assert_status 0 sdctl driver new ios "$work/hiding"
assert_contains "a name that is taken" 'note: there is a driver "ios" already' "$output"
assert_status 0 sdctl driver new other "$work/alone"
assert_lacks "a name that is free" "note:" "$output"

step "devices as the pages of drivers add them"
sed -n 's/^    \(sdctl device add .*\)/\1/p' "$SMD_SOURCE_DIR"/drivers/*/README.md >added
[ -s added ] || fail "no page of a driver adds a device"
while read -r line; do
	# shellcheck disable=SC2086
	assert_status 0 $line
done <added

step "plurals"
printf '{"smartdeploy-inventory:inventory": {"credential": [{"name": "c", "user": "u", "agent": true}],
"device": [{"name": "r1", "driver": "frr", "address": "192.0.2.1", "credential": "c"}]}}\n' >one.json
assert_status 0 sdctl --home "$work/one" device import one.json
assert_contains "one" "1 device, 0 hosts, 0 links" "$output"
assert_status 0 sdctl --home "$work/one" device add r2 driver=frr address=192.0.2.2 credential=c
assert_contains "two" "2 devices, 0 hosts, 0 links" "$output"

step "what breaks a rule is refused"
printf '{"a": 1}\n' >odd.json
printf '' >empty.json
for line in "config set odd.json" "config set empty.json" "apply odd.json" "apply empty.json" \
	"device import odd.json" "device add x nonsense" "device add x driver=ios colour=red"; do
	# shellcheck disable=SC2086
	assert_status 3 sdctl $line
done

step "output that cannot be written is an error"
for line in "help" "--version" "device list" "driver list" "device list --json" \
	"completion bash" "parse a --driver ios"; do
	# shellcheck disable=SC2086
	assert_status 1 sh -c 'sdctl "$@" >/dev/full' sh $line
	assert_equal "sdctl $line" "sdctl: cannot write to standard output: No space left on device" \
		"$output"
done

step "a reader that has gone is no message"
for line in "help" "driver list --json"; do
	# shellcheck disable=SC2086
	{ sdctl $line 2>message || echo "status $?" >status; } | true
	assert_equal "sdctl $line" "" "$(cat message)"
done

step "an empty variable is none, and colours are for terminals"
assert_status 1 env SMARTDEPLOY_HOME= HOME="$work/nobody" XDG_STATE_HOME="$work/state" \
	sdctl device list
assert_lacks "the home" '""' "$output"
