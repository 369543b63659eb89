# SPDX-License-Identifier: Apache-2.0
# shellcheck shell=sh disable=SC2154
# Functions for tests of what --json prints. Source after lib.sh or lab.sh.

need_schemas() {
	need python3 python3
	status=0
	printf '{"schema": "smartdeploy/error/1"}' |
		python3 "$SMD_SOURCE_DIR/tests/e2e/schema.py" "$SMD_SOURCE_DIR/share/schema" >"$work/why" || status=$?
	[ $status != 77 ] || skip "$(cat "$work/why")"
	assert_equal "the validator refuses what lacks an error" 1 "$status"
}

# Runs a command with --json, and asserts its exit status and shape. Whether there is an error in
# it follows from the status. $json gets the output.
assert_json() { # STATUS SCHEMA COMMAND...
	expected=$1 schema=smartdeploy/$2/1
	shift 2
	status=0
	json=$("$@" --json 2>"$work/stderr") || status=$?
	[ "$status" = "$expected" ] || fail "$* --json
  expected: exit status $expected
  actual:   exit status $status
$json
$(cat "$work/stderr")"
	printf '%s\n' "$json" >"$work/json"
	python3 "$SMD_SOURCE_DIR/tests/e2e/schema.py" "$SMD_SOURCE_DIR/share/schema" "$schema" \
		<"$work/json" >"$work/why" 2>&1 || fail "$* --json
$(cat "$work/why")"
	case $expected in
	0 | 2) assert_lacks "$* --json" '	"error":	{' "$json" && result=success ;;
	*) assert_contains "$* --json" '	"error":	{' "$json" && result=failure ;;
	esac
	results_seen="${results_seen:-} $schema:$result "
}
