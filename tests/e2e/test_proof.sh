#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# What the proof by traffic says of hosts that do not answer: those that were silent before a
# deployment, those that fell silent during it, those without a probe, and no hosts at all.
# shellcheck source-path=SCRIPTDIR source=lab.sh
. "$(dirname -- "$0")/lab.sh"
need_lab

sshd_again() { # HOST
	kill_sshd "$1"
	assert_status 0 "$LAB" start --name "$lab" "$1"
}

lab_up a --leaves 2 --spines 1 --hosts 6
hasten_switches 3
adopt_lab

step "one line in all; every claim with -v or --json"
deploy blue 100 "leaf1 h1" "leaf2 h2"
assert_contains "apply" "proof by traffic: proven 12" "$output"
assert_lacks "apply" "reaches" "$output"
for command in "status blue" "verify blue"; do
	# shellcheck disable=SC2086
	assert_status 0 sdctl $command
	assert_contains "$command" "proof by traffic: proven 12" "$output"
	assert_lacks "$command" "reaches" "$output"
	# shellcheck disable=SC2086
	assert_status 0 sdctl $command -v
	for words in "h1 reaches h2 in blue" "the broadcast of h2 reaches all in blue" \
		"h3 is not heard in blue" "blue is not heard by h6"; do
		assert_contains "$command -v" "$words" "$output"
	done
done
assert_status 0 sdctl verify blue --require-proof
assert_status 0 sdctl verify blue --json
assert_contains "verify --json" '"summary":	"proven 12"' "$output"

step "a host that is silent leaves its claims unproven"
kill_sshd h2
assert_status 0 sdctl verify blue
assert_contains "the summary" "unproven" "$output"
assert_contains "the reason" "h2: cannot connect" "$output"
assert_status 1 sdctl verify blue --require-proof
assert_contains "the error" "a proof is required" "$output"
remove blue
assert_contains "removing it" "unproven" "$output"
deploy blue 100 "leaf1 h1" "leaf2 h2"
assert_contains "deploying it" "unproven" "$output"
assert_lacks "deploying it" "broken" "$output"
assert_status 0 "$LAB" start --name "$lab" h2
assert_status 0 sdctl verify blue --require-proof
remove blue

step "a host that falls silent during the deployment breaks its claims"
document blue 100 "leaf1 h1" "leaf2 h2"
assert_status 0 sdctl config set "$document"
assert_status 2 sdctl plan blue --exit-code -o "$work/blue.plan"
before=$(all_databases)
obstruct leaf2 <<'END'
changes "$@" && hold
END
begin apply "$work/blue.plan"
await_held leaf2
kill_sshd h2
unobstruct leaf2
release leaf2
assert_ended 4
assert_contains "the message" "h2 answered before and is silent now" "$output"
assert_contains "the message" "traffic does not pass as it must" "$output"
assert_lacks "the message" "all is as it was before" "$output"
assert_database "after the rollback" "$before"
assert_status 0 "$LAB" start --name "$lab" h2
carry_out blue
assert_contains "with the host back" "proof by traffic: proven 12" "$output"

step "a host without a probe is as one that is silent, from the baseline on"
sed -i 's,PATH=/run/bin:,PATH=,' "$lab_dir/h2/sshd_config"
sshd_again h2
assert_status 0 sdctl verify blue
assert_contains "the reason" "smd-probe: not found" "$output"
remove blue
deploy blue 100 "leaf1 h1" "leaf2 h2"
assert_contains "the reason" "smd-probe: not found" "$output"
assert_lacks "deploying it" "broken" "$output"
sed -i 's,PATH=,PATH=/run/bin:,' "$lab_dir/h2/sshd_config"
sshd_again h2

step "without hosts nothing can be proven"
adopt_switches
assert_status 0 sdctl verify blue
assert_contains "the summary" "proof by traffic: no hosts to prove with" "$output"
assert_status 1 sdctl verify blue --require-proof
assert_contains "the error" "no hosts to prove with" "$output"
remove blue
